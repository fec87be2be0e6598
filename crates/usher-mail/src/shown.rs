//! Strings that people chose, made fit to be shown (R66).

/// Characters of such a string that a mail shows.
const LONGEST: usize = 64;

/// Cuts to 64 characters. Line breaks and other control characters become blanks, and marks that turn the direction of
/// writing vanish: a name cannot pretend to be the text around it.
pub(crate) fn shown(text: &str) -> String {
    let turns = |letter: &char| matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain = |letter: char| {
        let breaks = letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
        if breaks { ' ' } else { letter }
    };
    let clean: Vec<char> = text
        .chars()
        .filter(|letter| !turns(letter))
        .map(plain)
        .collect();
    if clean.len() <= LONGEST {
        return clean.iter().collect();
    }
    clean.iter().take(LONGEST - 1).chain(&['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn r66_a_name_is_cut_and_stays_on_its_line() {
        assert_eq!(shown("Mia"), "Mia");
        assert_eq!(
            shown("Mia\r\nBcc: all@example.org\u{2028}\0"),
            "Mia  Bcc: all@example.org  "
        );
        assert_eq!(shown("abc\u{202e}cba"), "abccba");
        assert_eq!(shown(&"ü".repeat(64)), "ü".repeat(64));
        assert_eq!(shown(&"ü".repeat(65)), format!("{}…", "ü".repeat(63)));
    }
}
