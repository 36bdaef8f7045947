"""The parts of the contract test for stores of links, which `digime_sdk.testing` exports."""
