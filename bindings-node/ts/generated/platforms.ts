// Printed by `npm run types` from the core's description of itself; not edited by hand.

import type { Platform } from "../traits";

/** The platforms, by what the core calls them. */
export const PLATFORMS = {
  digime: {
    calls: {
      close: { optional: true },
      completeConnect: {},
      createProvisionalStorage: {},
      deleteAccount: {},
      deleteStorageFiles: {},
      deleteUser: {},
      disconnect: {},
      downloadStorageFile: {},
      exchangeCodeForToken: {},
      getAuthorizeUrl: {},
      getConnectUrl: {},
      getConnection: {},
      getContractDetails: {},
      getOnboardServiceUrl: {},
      getPortabilityReport: {},
      getReauthorizeAccountUrl: {},
      getReauthorizeUrl: {},
      getRevokeAccountPermissionUrl: {},
      getServiceSampleDataSets: {},
      getUserStorage: {},
      listStorageFiles: {},
      pushData: {},
      queryCategories: {},
      queryCountries: {},
      queryPlatforms: {},
      querySources: {},
      readAccounts: {},
      readAllFiles: { reading: true },
      readFile: {},
      readFileList: {},
      readFileMetadata: {},
      readFileStream: {},
      readSession: {},
      refreshToken: {},
      rotateKeys: {},
      uploadFileToStorage: {},
    },
    stores: {
      store: [
        "getLink",
        "findLinks",
        "listLinks",
        "putLink",
        "removeLink",
        "getAttempt",
        "putAttempt",
        "removeAttempts",
      ],
    },
  },
  pkb: {
    calls: {
      close: { optional: true },
      completeLink: { optional: true },
      fhirRead: {},
      fhirSearch: { iterates: "onPage" },
      findLinks: {},
      getAccessToken: {},
      getCurrentUser: {},
      getLink: {},
      getLinkUrl: {},
      getPublicId: {},
      getSystemToken: { optional: true },
      request: {},
      rotateKeys: { optional: true },
      unlink: {},
    },
    stores: {
      store: [
        "getLink",
        "findLinks",
        "listLinks",
        "putLink",
        "removeLink",
        "getAttempt",
        "putAttempt",
        "removeAttempts",
      ],
    },
  },
} as const satisfies Record<string, Platform>;

/** The names of the options that are sources of bytes: bytes, or a stream of them. */
export const SOURCES: readonly string[] = ["fileData"];
