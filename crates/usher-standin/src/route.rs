//! The table of routes, as read off the servers: method, path, what it needs, and the action behind it.
//!
//! Invariant: a literal wins over a parameter, letter case counts for nothing, and a route that exists for other methods only is 405.
use http::Method;

use crate::scene::Version;

const TABLE_10_11: &str = include_str!("../../../contract/routes-10.11.tsv");
const TABLE_12_0: &str = include_str!("../../../contract/routes-12.0.tsv");

/// One route.
#[derive(Debug)]
pub(crate) struct Route {
    method: Method,
    template: Vec<Part>,
    /// Its path as the table writes it, for counting.
    pub(crate) path: &'static str,
    /// The policy that is judged before the action runs.
    pub(crate) needs: &'static str,
    /// The action, `Controller.Method`.
    pub(crate) action: &'static str,
}

/// One segment of a route.
#[derive(Debug)]
enum Part {
    Literal(&'static str),
    /// A parameter within a segment: what stands before, between and after.
    Mixed(&'static str, &'static str, &'static str),
    Parameter(&'static str),
}

impl Part {
    fn parse(segment: &'static str) -> Self {
        let Some((before, rest)) = segment.split_once('{') else {
            return Self::Literal(segment);
        };
        let Some((inner, after)) = rest.rsplit_once('}') else {
            return Self::Literal(segment);
        };
        match inner.split_once('}') {
            Some((_, between)) => {
                Self::Mixed(before, between.split('{').next().unwrap_or_default(), after)
            }
            None if before.is_empty() && after.is_empty() => {
                Self::Parameter(inner.split(':').next().unwrap_or_default())
            }
            None => Self::Mixed(before, "", after),
        }
    }

    fn fits(&self, segment: &str) -> bool {
        match self {
            Self::Literal(name) => name.eq_ignore_ascii_case(segment),
            Self::Parameter(_) => !segment.is_empty(),
            Self::Mixed(before, between, after) => {
                let segment = segment.to_ascii_lowercase();
                let inner = segment
                    .strip_prefix(&before.to_ascii_lowercase())
                    .and_then(|rest| rest.strip_suffix(&after.to_ascii_lowercase()));
                inner.is_some_and(|inner| !inner.is_empty() && inner.contains(between))
            }
        }
    }
}

/// What a path and method lead to.
pub(crate) enum Match<'a> {
    /// A route, with the parameters that the path carried.
    Found(&'a Route, Vec<(&'static str, String)>),
    /// The path exists for these methods only.
    OtherMethods(Vec<&'a Method>),
    /// No such path.
    Nothing,
}

/// All routes of one version.
pub(crate) struct Routes(Vec<Route>);

impl Routes {
    pub(crate) fn of(version: Version) -> Self {
        let table = match version {
            Version::V10_11 => TABLE_10_11,
            Version::V12_0 => TABLE_12_0,
        };
        Self(table.lines().skip(1).filter_map(parse).collect())
    }

    pub(crate) fn find(&self, method: &Method, segments: &[String]) -> Match<'_> {
        let fits = |route: &&Route| {
            route.template.len() == segments.len()
                && route
                    .template
                    .iter()
                    .zip(segments)
                    .all(|(part, segment)| part.fits(segment))
        };
        let candidates: Vec<&Route> = self.0.iter().filter(fits).collect();
        let best = candidates
            .iter()
            .filter(|route| route.method == *method)
            .min_by(|one, other| rank(one).cmp(&rank(other)));
        match best {
            Some(route) => Match::Found(route, parameters(route, segments)),
            None if candidates.is_empty() => Match::Nothing,
            None => Match::OtherMethods(candidates.iter().map(|route| &route.method).collect()),
        }
    }
}

fn rank(route: &Route) -> Vec<u8> {
    let weight = |part: &Part| match part {
        Part::Literal(_) => 0,
        Part::Mixed(..) => 1,
        Part::Parameter(_) => 2,
    };
    route.template.iter().map(weight).collect()
}

fn parameters(route: &Route, segments: &[String]) -> Vec<(&'static str, String)> {
    let named = |(part, segment): (&Part, &String)| match part {
        Part::Parameter(name) => Some((*name, segment.clone())),
        Part::Literal(_) | Part::Mixed(..) => None,
    };
    route
        .template
        .iter()
        .zip(segments)
        .filter_map(named)
        .collect()
}

fn parse(line: &'static str) -> Option<Route> {
    let mut columns = line.split('\t');
    let method = columns.next()?.parse().ok()?;
    let path = columns.next()?;
    let needs = columns.next()?;
    let action = columns.nth(2)?;
    let template = path.split('/').skip(1).map(Part::parse).collect();
    Some(Route {
        method,
        template,
        path,
        needs,
        action,
    })
}
