//! The address of a page that a person is sent to: its parameters, in the order in which the JavaScript SDK has them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::digime::{Client, SampleDataOptions, SourceType, SourcesScope};
use crate::{Error, Open};

/// An address under construction.
pub(in crate::digime) struct WebPage(Url);

impl WebPage {
    /// The page `name`, opened by a code of the platform.
    pub(in crate::digime) fn new(client: &Client, name: &str, code: &str) -> Result<Self, Error> {
        Ok(Self(client.settings().page(name)?).with("code", Some(code)))
    }

    /// With a parameter, if it has a value.
    pub(in crate::digime) fn with(mut self, name: &str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            self.0
                .query_pairs_mut()
                .append_pair(name, &value.to_string());
        }
        self
    }

    pub(in crate::digime) fn source_type(self, source_type: Option<SourceType>) -> Self {
        self.with("sourceType", Some(source_type.unwrap_or_default().name()))
    }

    pub(in crate::digime) fn sample_data(self, sample: Option<&SampleDataOptions>) -> Self {
        let set = sample.map(|sample| sample.data_set.as_str());
        let auto_onboard = sample.and_then(|sample| sample.auto_onboard);
        self.with("sampleDataSet", set.filter(|set| !set.is_empty()))
            .with("sampleDataAutoOnboard", auto_onboard.filter(|auto| *auto))
    }

    pub(in crate::digime) fn service(self, id: Option<i64>) -> Self {
        self.with("service", id.filter(|id| *id != 0))
    }

    pub(in crate::digime) fn locale(self, locale: Option<&str>) -> Self {
        self.with("lng", locale.filter(|locale| !locale.is_empty()))
    }

    /// As JSON that is percent-encoded before the query is: the platform decodes it twice.
    pub(in crate::digime) fn sources_scope(
        self,
        scope: Option<&Open<SourcesScope>>,
    ) -> Result<Self, Error> {
        /// What `encodeURIComponent` leaves alone.
        const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
            .remove(b'-')
            .remove(b'_')
            .remove(b'.')
            .remove(b'!')
            .remove(b'~')
            .remove(b'*')
            .remove(b'\'')
            .remove(b'(')
            .remove(b')');
        let json = scope.map(serde_json::to_string).transpose();
        let json = json.map_err(|_| Error::sdk("sourcesScope cannot be written as JSON"))?;
        Ok(self.with(
            "sourcesScope",
            json.map(|json| utf8_percent_encode(&json, UNRESERVED).to_string()),
        ))
    }

    pub(in crate::digime) fn into_address(self) -> String {
        self.0.into()
    }
}
