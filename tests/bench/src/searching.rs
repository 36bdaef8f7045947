//! An application in Rust that searches a patient's record with the SDK.

use digime_bench::{BenchError, Place, complete};
use digime_sdk::pkb::{
    Client, Config, Endpoints, Environment, FhirSearchOptions, ImportLinkOptions, LinkTokens,
};

/// The application.
pub struct Searching {
    client: Client,
}

impl Searching {
    /// One whose patient is linked.
    pub async fn new(place: Place) -> Result<Self, BenchError> {
        let endpoints = Endpoints::builder().base_url(place.pkb_base_url).build();
        let config = Config::builder()
            .client_id("bench-client".parse()?)
            .redirect_uri("http://localhost/return".parse()?)
            .environment(Environment::Sandbox)
            .endpoints(endpoints)
            .maybe_ca(place.ca)
            .build();
        let client = Client::new(config)?;
        let tokens = LinkTokens::builder()
            .access_token("t".repeat(64).parse()?)
            .expires_at(4_102_444_800_000)
            .build();
        let options = ImportLinkOptions::builder()
            .app_user_id("bench-user".parse()?)
            .public_id("bench-patient".parse()?)
            .tokens(tokens)
            .build();
        client.import_link(options).await?;
        Ok(Self { client })
    }

    /// Searches for what there are so many pages of.
    pub async fn search(&self, pages: u64) -> Result<(), BenchError> {
        let code = format!("pages-{pages}");
        let parameters = [
            ("patient", "bench-patient"),
            ("category", "vital-signs"),
            ("code", &code),
        ];
        let options = FhirSearchOptions::builder()
            .app_user_id("bench-user".parse()?)
            .resource_type("Observation".parse()?)
            .parameters(parameters.into_iter().collect())
            .build();
        let mut found = self.client.search(options)?;
        let mut counted = 0;
        while found.next().await?.is_some() {
            counted += 1;
        }
        complete("pages", pages, counted)
    }
}
