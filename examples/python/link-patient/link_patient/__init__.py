"""An example app: a patient connects their Patients Know Best record and follows their measurements."""
