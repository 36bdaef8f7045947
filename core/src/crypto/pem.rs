//! Reading a PEM block (RFC 7468) in all the shapes that environment variables and configuration files give it.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// The label and the bytes of the first PEM block in `text`, whatever stands around it. Line breaks may be missing, doubled,
/// indented, CRLF, or written out as `\n`.
///
/// Its own few lines, since a library's error quotes the text that it cannot read, which is a private key.
pub(super) fn read(text: &str) -> Option<(String, Zeroizing<Vec<u8>>)> {
    const TOLERANT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let (label, rest) = text.split_once("-----BEGIN ")?.1.split_once("-----")?;
    let (body, _) = rest.split_once("-----END ")?;
    let body = Zeroizing::new(body.replace("\\r", "").replace("\\n", ""));
    let body: Zeroizing<String> =
        Zeroizing::new(body.chars().filter(|c| !c.is_whitespace()).collect());
    let bytes = TOLERANT.decode(body.as_bytes()).ok()?;
    Some((label.to_owned(), Zeroizing::new(bytes)))
}
