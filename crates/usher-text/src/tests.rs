use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement,
};
use jiff::tz::TimeZone;
use usher_domain::time::Timestamp;

use crate::language::{self, Language};
use crate::{Tongue, keys};

type Variables = BTreeSet<String>;

fn of_pattern(pattern: &Pattern<&str>, found: &mut Variables) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, found);
        }
    }
}

fn of_expression(expression: &Expression<&str>, found: &mut Variables) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, found),
        Expression::Select { selector, variants } => {
            of_inline(selector, found);
            for variant in variants {
                of_pattern(&variant.value, found);
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, found: &mut Variables) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. }
        | InlineExpression::TermReference {
            arguments: Some(arguments),
            ..
        } => of_call(arguments, found),
        InlineExpression::Placeable { expression } => of_expression(expression, found),
        InlineExpression::TermReference {
            arguments: None, ..
        }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::StringLiteral { .. }
        | InlineExpression::NumberLiteral { .. } => {}
    }
}

fn of_call(arguments: &CallArguments<&str>, found: &mut Variables) {
    arguments
        .positional
        .iter()
        .for_each(|argument| of_inline(argument, found));
    arguments
        .named
        .iter()
        .for_each(|argument| of_inline(&argument.value, found));
}

fn messages(language: &Language) -> BTreeMap<String, Variables> {
    let mut messages = BTreeMap::new();
    for (area, file) in &language.files {
        for entry in file.entries() {
            if let Entry::Message(message) = entry {
                let mut found = Variables::new();
                message
                    .value
                    .iter()
                    .for_each(|value| of_pattern(value, &mut found));
                messages.insert(format!("{area}: {}", message.id.name), found);
            }
        }
    }
    messages
}

#[test]
fn every_language_has_the_same_keys_with_the_same_variables() {
    for language in language::all() {
        assert_eq!(language.faults, Vec::<String>::new(), "{}", language.code);
        let (here, english) = (messages(language), messages(language::english()));
        let missing: Vec<_> = english
            .iter()
            .filter(|(key, variables)| here.get(*key) != Some(variables))
            .collect();
        let surplus: Vec<_> = here
            .iter()
            .filter(|(key, variables)| english.get(*key) != Some(variables))
            .collect();
        assert!(
            missing.is_empty() && surplus.is_empty(),
            "{}: lacks {missing:?}, has besides {surplus:?}",
            language.code
        );
    }
}

#[test]
fn a_key_that_stands_twice_is_a_fault_in_one_file_and_over_two() {
    let texts = "yes = Yes\nno = No\n";
    for (first, second) in [
        (texts.to_owned() + "yes = Yea\n", "maybe = Maybe\n"),
        (texts.to_owned(), "yes = Yea\n"),
    ] {
        let mut language = Language::empty("en");
        language.add("en/one.ftl", &first);
        language.add("en/two.ftl", second);
        assert_eq!(language.faults.len(), 1, "{:?}", language.faults);
        assert!(language.faults[0].contains("yes"), "{:?}", language.faults);
    }
}

#[test]
fn a_language_is_negotiated_from_whatever_a_browser_says() {
    for (accept_language, chosen, expected) in [
        ("de-AT,de;q=0.9,en;q=0.5", None, "de"),
        ("fr,de;q=0.4", None, "de"),
        ("fr-FR", None, "en"),
        ("", None, "en"),
        ("\u{1F600};;;q=,,*", None, "en"),
        ("de", Some("en"), "en"),
        ("en", Some("de"), "de"),
        ("de", Some("../de"), "de"),
    ] {
        assert_eq!(
            Tongue::negotiate(accept_language, chosen).code(),
            expected,
            "{accept_language} {chosen:?}"
        );
    }
    assert_eq!(Tongue::of("tlh").code(), "en");
}

#[test]
fn moments_and_spans_are_written_for_people() {
    let at = Timestamp::from_millis(1_795_529_100_000);
    let (english, german) = (Tongue::english(), Tongue::of("de"));
    assert_eq!(
        english.moment(at, &TimeZone::UTC),
        "24 November 2026, 14:05 UTC"
    );
    assert_eq!(
        german.moment(at, &TimeZone::UTC),
        "24. November 2026, 14:05 UTC"
    );
    assert_eq!(german.day(at, &TimeZone::UTC), "24. November 2026");
    assert_eq!(
        (english.minutes(1), english.hours(3)),
        ("1 minute".to_owned(), "3 hours".to_owned())
    );
    assert_eq!(
        (german.minutes(10), german.days(1)),
        ("10 Minuten".to_owned(), "1 Tag".to_owned())
    );
}

#[test]
fn a_key_that_nobody_knows_shows_itself() {
    assert!(!keys().contains("no-such-text"));
    assert_eq!(Tongue::of("de").t("no-such-text"), "no-such-text");
}
