/** The provider's time, which the tests let go on. The SDK has its own, so it must be told what expired. */

/** Lets the provider's clock, and that of everything else in JavaScript, be set forward until `t`, the test, ends. */
export function clock(t) {
  const { now } = Date;
  let ahead = 0;
  t.mock.method(Date, "now", () => now() + ahead);
  return {
    advance(seconds) {
      ahead += seconds * 1000;
    },
  };
}
