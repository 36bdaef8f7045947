//! How an address is read that an application has configured.

use url::Url;

use crate::Error;
use crate::error::{Invalid, Words};

pub(super) fn absolute(address: &str, path: Words) -> Result<Url, Error> {
    let url = Url::parse(address)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| {
        let reason = "expected an address, from http:// or https:// on";
        Invalid::new(path, reason).into()
    })
}

pub(super) fn join(base: &Url, path: &str, field: &'static str) -> Result<Url, Error> {
    base.join(path)
        .ok()
        .filter(|url| url.origin() == base.origin())
        .ok_or_else(|| {
            let reason = "expected a path at the address before it";
            Invalid::new(Words::from("config.").own(field), reason).into()
        })
}

/// With a slash at its end, so that paths can be added to it.
pub(super) fn folder(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url
}
