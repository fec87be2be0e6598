//! The table, made ready once: a request looks at the few rows that share its first word.
use std::collections::HashMap;
use std::sync::LazyLock;

use http::Method;

use super::Matched;
use super::table::{Row, TABLE};

/// The table as it is looked up.
pub(super) static INDEX: LazyLock<Index> = LazyLock::new(|| Index::of(TABLE));

/// Rows by their first word, in the table's order.
pub(super) struct Index {
    by_word: HashMap<&'static str, Vec<Ready>>,
    /// Rows that begin with a wildcard: they stand at the end of the table, and so are looked at last.
    anywhere: Vec<Ready>,
}

struct Ready {
    methods: Methods,
    /// What follows the first segment; all of it in rows that begin with a wildcard.
    segments: Vec<Segment>,
    matched: Matched,
}

/// A set of methods, a bit each.
#[derive(Clone, Copy)]
struct Methods(u8);

#[derive(Clone, Copy)]
enum Segment {
    /// Exactly this.
    Word(&'static str),
    /// Anything but nothing.
    Any,
    /// This, and something behind it.
    Beginning(&'static str),
    /// Whatever is left, also nothing.
    Rest,
}

impl Index {
    fn of(table: &[Row]) -> Self {
        let mut index = Self {
            by_word: HashMap::new(),
            anywhere: Vec::new(),
        };
        for row in table {
            let mut segments: Vec<Segment> = row.pattern.split('/').map(Segment::of).collect();
            let rows = if let Segment::Word(word) = segments[0] {
                segments.remove(0);
                index.by_word.entry(word).or_default()
            } else {
                &mut index.anywhere
            };
            rows.push(Ready {
                methods: Methods::of(row.methods),
                segments,
                matched: row.matched,
            });
        }
        index
    }

    /// The first row that fits a folded path.
    pub(super) fn find(&self, method: &Method, path: &str) -> Option<Matched> {
        let path = path.strip_prefix('/').unwrap_or(path);
        let method = Methods::one(method);
        let (word, rest) = match path.split_once('/') {
            Some((word, rest)) => (word, Some(rest)),
            None => (path, None),
        };
        let near = self
            .by_word
            .get(word)
            .map_or(&[] as &[Ready], Vec::as_slice);
        let found = near.iter().find(|row| row.fits(method, rest));
        let found = found.or_else(|| {
            let mut rows = self.anywhere.iter();
            rows.find(|row| row.fits(method, Some(path)))
        });
        found.map(|row| row.matched)
    }
}

impl Ready {
    /// `rest` is what stands behind the slash; `None` where there is none.
    fn fits(&self, method: Methods, rest: Option<&str>) -> bool {
        if self.methods.0 & method.0 == 0 {
            return false;
        }
        let mut given = rest.into_iter().flat_map(|rest| rest.split('/'));
        for wanted in &self.segments {
            let fits = match (wanted, given.next()) {
                (Segment::Rest, _) => return true,
                (_, None) => return false,
                (Segment::Word(word), Some(segment)) => segment == *word,
                (Segment::Any, Some(segment)) => !segment.is_empty(),
                (Segment::Beginning(beginning), Some(segment)) => {
                    segment.len() > beginning.len() && segment.starts_with(beginning)
                }
            };
            if !fits {
                return false;
            }
        }
        given.next().is_none()
    }
}

impl Segment {
    fn of(text: &'static str) -> Self {
        match (text, text.strip_suffix('*')) {
            ("**", _) => Self::Rest,
            ("*", _) => Self::Any,
            (_, Some(beginning)) => Self::Beginning(beginning),
            (word, None) => Self::Word(word),
        }
    }
}

impl Methods {
    fn of(text: &str) -> Self {
        if text == "*" {
            return Self(u8::MAX);
        }
        let methods = text.split(' ').map(|name| {
            let method = Method::from_bytes(name.as_bytes());
            method.map_or(0, |method| Self::one(&method).0)
        });
        Self(methods.fold(0, |all, one| all | one))
    }

    /// Methods that no row names share a bit.
    fn one(method: &Method) -> Self {
        Self(match *method {
            Method::GET => 1,
            Method::HEAD => 2,
            Method::POST => 4,
            Method::PUT => 8,
            Method::DELETE => 16,
            Method::PATCH => 32,
            Method::OPTIONS => 64,
            _ => 128,
        })
    }
}
