/** What the sandbox says when it has started: everything that a client must be told, private keys, secrets and passwords included. */

export interface Announcement {
  /** Where the sandbox is, and its front page. */
  readonly origin: string;
  /** digi.me's API. */
  readonly baseUrl: string;
  /** digi.me's pages, where people consent. */
  readonly onboardUrl: string;
  /** digi.me's storage. */
  readonly cloudBaseUrl: string;
  /** The application that is registered at digi.me. */
  readonly applicationId: string;
  /** Its contracts. */
  readonly contracts: {
    /** May add to a person's library, and push to providers. */
    readonly push: AnnouncedContract;
    /** May read a person's library. */
    readonly read: AnnouncedContract;
  };
  /** Patients Know Best. */
  readonly pkb: AnnouncedPkb;
}

export interface AnnouncedContract {
  readonly contractId: string;
  /** An RSA key in PEM. */
  readonly privateKey: string;
  /** Where it may send people back to; the port of a loopback address is not compared. */
  readonly redirectUris: readonly string[];
}

export interface AnnouncedPkb {
  readonly baseUrl: string;
  /** Where a system client gets its tokens. */
  readonly systemTokenUrl: string;
  /** Where a patient who was invited registers. */
  readonly joinUrl: string;
  /** The user client, which acts for a person who approved. */
  readonly clientId: string;
  /** Asked for in the modes `body` and `basic` of `clientAuthentication`. */
  readonly clientSecret: string;
  /** Where it may send people back to; the port of a loopback address is not compared. */
  readonly redirectUris: readonly string[];
  /** The system client, which acts for an organisation. */
  readonly system: AnnouncedSystem;
  /** The customer system client, and what it alone is for. */
  readonly customer: AnnouncedCustomer;
  /** Who can log in. */
  readonly people: readonly AnnouncedPerson[];
}

export interface AnnouncedSystem {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly orgPublicId: string;
  /** The aliases of its teams, the default one first. */
  readonly teams: readonly string[];
}

export interface AnnouncedCustomer {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where it gets its tokens. */
  readonly tokenUrl: string;
  /** The Aggregated endpoint, from which data is extracted. */
  readonly aggregatedUrl: string;
  /** The Customer endpoint, to which data is sent. */
  readonly customerUrl: string;
}

export interface AnnouncedPerson {
  readonly login: string;
  readonly password: string;
  readonly publicId: string;
  readonly kind: "patient" | "clinician";
  /** First and last name. */
  readonly name: string;
}
