//! Tells each answer of the platform, and how long it took to come.

use std::env;
use std::error::Error;

use digime_sdk::digime::{Client, Config, ContractDetails, GetContractDetailsOptions};
use digime_sdk::world::{Event, EventContext, EventHook, EventType, Observer, SdkEvent};

struct Answers;

impl Observer for Answers {
    fn observe(&self, _: &Event) {}

    fn observe_within(&self, event: &Event, context: &EventContext) {
        let event = SdkEvent::of(event, context);
        if event.kind == EventType::RequestAnswered {
            let (call, request) = (event.call, event.request);
            println!(
                "{call:?} {request:?} {:?} in {:?} ms",
                event.status_code, event.duration
            );
        }
    }
}

pub async fn watch() -> Result<(), Box<dyn Error>> {
    let mut config = Config::new(env::var("DIGIME_APPLICATION_ID")?.parse()?);
    config.on_event = Some(EventHook::new(Answers));
    let client = Client::new(config)?;
    let contract = ContractDetails::new(
        env::var("DIGIME_CONTRACT_ID")?.parse()?,
        env::var("DIGIME_PRIVATE_KEY")?.parse()?,
    );
    let options = GetContractDetailsOptions::builder()
        .contract_details(contract)
        .build();
    client.get_contract_details(options).await?;
    Ok(())
}
