//! The pages of a FHIR search, one after the other (FHIR, its chapter on paging).

use http::Method;
use url::Url;

use super::MEDIA_TYPE;
use super::next_page::{Course, Step};
use super::patient_parameter;
use super::resource_address::resource_type;
use crate::error::Invalid;
use crate::http::Request;
use crate::operation::PlatformClient;
use crate::pkb::actor::Actor;
use crate::pkb::calls::get_public_id::public_id_of;
use crate::pkb::meaning::makes_no_sense;
use crate::pkb::{Client, FhirSearchOptions, FhirSurface};
use crate::{Error, JsonObject, NonEmptyString};

/// One page of a search: a FHIR `Bundle`, as PKB gives it.
pub type Page = JsonObject;

/// The pages of a search.
pub struct SearchPages {
    client: Client,
    actor: Actor,
    /// The parameter that is to name the patient, before anything was asked for.
    naming: Option<Naming>,
    course: Course,
    next: Step,
}

/// That a search of Aggregated is to name a patient.
struct Naming {
    app_user_id: NonEmptyString,
    parameter: String,
}

impl Client {
    /// Begins a search, of which [`SearchPages::next`] gives one page after the other; nothing is sent before.
    pub fn search(&self, options: FhirSearchOptions) -> Result<SearchPages, Error> {
        SearchPages::begin(self, options).map(|(pages, _)| pages)
    }
}

impl SearchPages {
    pub(in crate::pkb) fn begin(
        client: &Client,
        options: FhirSearchOptions,
    ) -> Result<(Self, Option<crate::Callback<Page>>), Error> {
        let surface = options.surface.unwrap_or(FhirSurface::Facade);
        let resource_type = resource_type(&options.resource_type)?;
        let mut first = client
            .settings()
            .endpoints
            .apis
            .get(surface.into())?
            .at(resource_type)?;
        options.parameters.unwrap_or_default().add_to(&mut first);
        let given = options.patient_parameter.as_deref();
        if given.is_some() && (surface != FhirSurface::Aggregated || options.app_user_id.is_none())
        {
            let reason = "has a meaning only beside appUserId in a search of aggregated";
            return Err(Invalid::new("options.patientParameter", reason).into());
        }
        let (actor, naming) = match options.app_user_id {
            Some(user) if surface == FhirSurface::Aggregated && options.org_public_id.is_none() => {
                let parameter = patient_parameter::naming_patient(resource_type, given)?;
                if first.query_pairs().any(|(name, _)| name == parameter) {
                    let reason = "cannot be given together with a parameter that names the patient";
                    return Err(Invalid::new("options.appUserId", reason).into());
                }
                let naming = Naming {
                    app_user_id: user.clone(),
                    parameter: parameter.to_owned(),
                };
                let actor = Actor::customer_system(surface.into(), Some(user));
                (actor, Some(naming))
            }
            user => {
                let actor = Actor::of(surface.into(), user, options.org_public_id)?;
                patient_parameter::check(surface, resource_type, &first)?;
                (actor, None)
            }
        };
        let pages = Self {
            client: client.clone(),
            actor,
            naming,
            course: Course::of(surface, resource_type, &first),
            next: Step::Page(first),
        };
        Ok((pages, options.on_page))
    }

    /// The type that is searched for.
    pub(super) fn resource_type(&self) -> &str {
        &self.course.resource_type
    }

    /// The next page; none after the last. One that could not be had can be asked for again.
    pub async fn next(&mut self) -> Result<Option<Page>, Error> {
        let mut address = match &self.next {
            Step::Page(address) => address.clone(),
            Step::Refused(error) => return Err(error.clone()),
            Step::Ended => return Ok(None),
        };
        let _under_way = self.client.under_way().begin()?;
        let client = self.client.beginning();
        if let Some(naming) = &self.naming {
            address = named(&client, naming, address).await?;
            self.next = Step::Page(address.clone());
            self.naming = None;
        }
        let label = self.resource_type();
        let request = Request::to_address(Method::GET, address.clone(), label).accept(MEDIA_TYPE);
        let response = self.actor.send(&client, request).await?;
        let page: Page = response.json()?;
        if !is_bundle(&page) {
            let said = "is not a FHIR Bundle, so it does not say what there is";
            return Err(makes_no_sense(&response, said));
        }
        // This page is there, whatever there is to say of the next.
        let endpoints = &self.client.settings().endpoints;
        let (next, is_new) = self.course.after(&page, &address, endpoints);
        self.next = next;
        match &self.next {
            _ if is_new => Ok(Some(page)),
            Step::Refused(error) => Err(error.clone()),
            _ => Ok(None),
        }
    }
}

/// A Bundle, whose entries are a list if it has any.
fn is_bundle(page: &Page) -> bool {
    let kind = page.string_at("resourceType");
    let entries = page.member("entry");
    kind.as_deref() == Some("Bundle")
        && entries.is_none_or(|entries| matches!(entries.kind(), "an array" | "null"))
}

/// The address with the parameter that names the patient.
async fn named(client: &Client, naming: &Naming, mut address: Url) -> Result<Url, Error> {
    let public_id = public_id_of(client, &naming.app_user_id).await?;
    address
        .query_pairs_mut()
        .append_pair(&naming.parameter, &patient_parameter::patient(&public_id));
    Ok(address)
}
