//! The XMP packet that carries the record in JPEG, WebP and TIFF.
//!
//! One element, found again by its name and not by parsing XML: nothing else in a packet concerns
//! us, and there is no parser to attack. Source: XMP specification part 1, section 7.

use super::bounded::MAX_RECORD_BYTES;

const OPENING: &str = "<impasto:record>";
const CLOSING: &str = "</impasto:record>";

/// A packet with `record` in it.
pub(super) fn packet(record: &str) -> Vec<u8> {
    let mut packet = String::from(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:impasto=\"urn:impasto:record:1\">",
    );
    packet.push_str(OPENING);
    for character in record.chars() {
        match character {
            '&' => packet.push_str("&amp;"),
            '<' => packet.push_str("&lt;"),
            '>' => packet.push_str("&gt;"),
            // XML readers turn line ends into one kind and may trim; as numbers they survive.
            control if control.is_control() => {
                packet.push_str("&#");
                packet.push_str(&u32::from(control).to_string());
                packet.push(';');
            }
            other => packet.push(other),
        }
    }
    packet.push_str(CLOSING);
    packet.push_str("</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>");
    packet.into_bytes()
}

/// A packet that says which other packet goes on: that of this MD5 digest, in upper-case hex.
pub(super) fn reference(digest: &str) -> Vec<u8> {
    format!(
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\" \
         xmpNote:HasExtendedXMP=\"{digest}\"/></rdf:RDF></x:xmpmeta>"
    )
    .into_bytes()
}

/// The record in a packet.
pub(super) fn record_in(packet: &[u8]) -> Option<String> {
    let packet = str::from_utf8(packet).ok()?;
    let (_, rest) = packet.split_once(OPENING)?;
    let (escaped, _) = rest.split_once(CLOSING)?;
    let mut record = String::new();
    let mut parts = escaped.split('&');
    record.push_str(parts.next()?);
    for part in parts {
        let (name, text) = part.split_once(';')?;
        record.push(character_named(name)?);
        record.push_str(text);
    }
    (record.len() <= MAX_RECORD_BYTES).then_some(record)
}

fn character_named(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        number => {
            let number = number.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_survives() {
        for record in [
            "",
            "{\"style\": \"Hokusai <北斎> & Söhne\"}",
            "</impasto:record>",
            "&amp; \r\n\t\0 \u{1f3a8}",
        ] {
            assert_eq!(record_in(&packet(record)).as_deref(), Some(record));
        }
    }

    #[test]
    fn escapes_of_other_writers_are_understood() {
        let packet = b"<impasto:record>{&quot;a&quot;:&#x31;&apos;}</impasto:record>";
        assert_eq!(record_in(packet).as_deref(), Some("{\"a\":1'}"));
    }

    #[test]
    fn what_is_broken_is_no_record() {
        for packet in [
            &b"<impasto:record>never closed"[..],
            b"<impasto:record>&nonsense;</impasto:record>",
            b"<impasto:record>&#1114112;</impasto:record>",
            b"<impasto:record>\xff</impasto:record>",
            b"<other/>",
        ] {
            assert_eq!(record_in(packet), None);
        }
    }
}
