//! How deep a body is nested, before anybody parses it (R76).

/// Whether a body that claims to be JSON has at most `most` levels of objects and lists. What is no JSON has none, or is
/// refused by whoever parses it.
pub fn is_shallow(body: &[u8], most: usize) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for &byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > most {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r76_levels_are_counted_outside_of_texts_only() {
        assert!(is_shallow(&[b"[".repeat(16), b"]".repeat(16)].concat(), 16));
        assert!(!is_shallow(&b"[".repeat(17), 16));
        assert!(!is_shallow(&br#"{"a":"#.repeat(17), 16));
        let quoted = format!(r#"{{"Pw":"\"{}"}}"#, "[".repeat(40));
        assert!(is_shallow(quoted.as_bytes(), 16));
        assert!(is_shallow(b"[[],[],[]]".repeat(20).as_slice(), 2));
    }
}
