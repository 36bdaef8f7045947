//! Steps done wrongly, each of which the search must find.

/// A mistake that the model can be told to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named after what it does")]
pub enum Mistake {
    TakesOverWithoutCounting,
    NeverTakesOver,
    CountsByTheWallClock,
    CountsOnOverAnothersChange,
    MeasuresFromAfterTaking,
    SendsWithoutALookAtTheTime,
    MeasuresBySteadyClockAlone,
    WaitsForTheAnswerBeyondTheLease,
    ForgetsThatAnAnswerWasLost,
    RepeatsEarly,
    GivesUpTheLeaseOfAnother,
    StoresOverWhateverStands,
    StoresOnceOnly,
    WaitsLongToStoreAgain,
    UsesBeforeStoring,
    RefusesToStoreUnderAnUnknownKey,
    StoresBlindlyUnderAnUnknownKey,
    EndsWhateverStands,
    StoreDoesNotCompare,
    VersionsBeginAnew,
}
