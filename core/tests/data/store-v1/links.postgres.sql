--
-- PostgreSQL database dump
--

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: digime_sdk; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA digime_sdk;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: link; Type: TABLE; Schema: digime_sdk; Owner: -
--

CREATE TABLE digime_sdk.link (
    platform text NOT NULL,
    app_user_id text NOT NULL,
    public_id text NOT NULL,
    status text NOT NULL,
    linked_at bigint NOT NULL,
    refreshed_at bigint NOT NULL,
    lease text,
    lease_until bigint,
    key_id text NOT NULL,
    sealed text NOT NULL,
    version bigint NOT NULL
);

--
-- Name: link_attempt; Type: TABLE; Schema: digime_sdk; Owner: -
--

CREATE TABLE digime_sdk.link_attempt (
    platform text NOT NULL,
    id text NOT NULL,
    app_user_id text NOT NULL,
    status text NOT NULL,
    expires_at bigint NOT NULL,
    key_id text NOT NULL,
    sealed text NOT NULL,
    version bigint NOT NULL
);

--
-- Name: schema_version; Type: TABLE; Schema: digime_sdk; Owner: -
--

CREATE TABLE digime_sdk.schema_version (
    version bigint NOT NULL
);

--
-- Data for Name: link; Type: TABLE DATA; Schema: digime_sdk; Owner: -
--

INSERT INTO digime_sdk.link VALUES ('pkb:127.0.0.1:8301', 'user-uncertain', '00000000-0000-4000-8000-000000000005', 'uncertain', 1793361604000, 1793533923000, NULL, NULL, 'ejAxMmptxFZf', '1.ZtpbOWsdYYh0SgLU5L7kWVkBKm0mkrlIqFPEFmPn67XwatttXX1-bA52S56JfPmzh-bQ9bpA51CSscmFLenhC2HWNCm0ZjqhdaoWbPXcsVV0ohCSBxa4HQmhXdV8z53S6ENde1ECUiRTiiKKmKj24w2ec9ObsjhCOxGf7W37wIMy9aigIOxE_APnILPK1u60PfzN-i9CywSR_m1E8AW-WeGUZS_hNaaK6cdiiyulH4sgIQ0qKc0iQwfr5Sbf8UQkmVkk8eUXAcKSgdy395Nb3JglHTcdDS2fVmQQAgc8iDnZd53OhxaJyX8EasXcxGexeFqPvX7Ry5hWlwARIZ2TUAd_Q6Qrbo4pKZhim1-HANKwyvylGeU7KdoiT3YLspprzOU5', 5);
INSERT INTO digime_sdk.link VALUES ('pkb:127.0.0.1:8301', 'user-leased', '00000000-0000-4000-8000-000000000003', 'active', 1793361602000, 1793533922000, 'IRv82FYy5889rEaV9ait2Q', 1793534430000, 'ejAxMmptxFZf', '1.eiLv-vTthoYiPD-q0G2aCYHw_d4aKsxcd3do3mqaHNMJxwNWjuRVFne7cgfVTVqm1kQg9mUZouFoJM4RJd5vlQxhnB0R60R_1kp5oygLzdee8475VF1fxrupIGFZNNI2xzq4CxU-7VFBt8YsqKVvsxoQGhTyYnpzo6bNoQpzgIncZ5Ic-ds0ZWAUqFkt8JDw9W3L-zrCNHVPqcyGD30CVq1uSma7-OiOy6mA87usi7mSgAdvLTyEsH3J4RadkF2dFXBA46yjA_w5FWOpj7oVHa4jGAdHPyyG4MCotPYYrC4-npSLriN0ibMogz_zqdTMwLFkCf-oyrdZuimCRjA3ZzlYsTSWiwqR0fwmZVEhexHsBvbkKs_RkYKjF87i', 4);
INSERT INTO digime_sdk.link VALUES ('pkb:127.0.0.1:8301', 'user-previous', '00000000-0000-4000-8000-000000000004', 'active', 1793361603000, 1793533924000, NULL, NULL, '_9xs62qhRPSL', '1.VuvrCsrCV8sfGU1RYt_oQgPFQnd97bGlwKhrOPo2lPYBR4CmNIBxZDkQzFbpnSY1uEyh-sZd_lp6YLQO1RSkqVdSgL-ZPHL48y4A1AfBrG7Z5PzFimZRgd-4_1zHJmJn0in6VAie3syA7JwjDF7SNnEjkhGkq-jiVcG5gPHaXRNwKcPx0OrHSYShhJTYH9nlq-RFAh28S3pHnhBo8eL3aOmSsmk-sFSqHtCXgwKkq_SvRX7yPPsnufXmroJ7ThjtXvcOsM4yLjZRjwOxDYrBwT_16cx_oo4LtxbeHoiJC6lfdgW9r9fGOrqL339XLDDPcXq3uBONtswueK1zUnDKFD3U7IdA6RP3RO2aoVgaN2gn6gJIfSEKOZvTecb6MEB8gw', 3);
INSERT INTO digime_sdk.link VALUES ('pkb:127.0.0.1:8301', 'user-active', '00000000-0000-4000-8000-000000000001', 'active', 1793534100000, 1793534100000, NULL, NULL, 'ejAxMmptxFZf', '1.MTIbipyATBQozCm0sI8sxIJlebOZZ_1bi1EoauDM2CNpZdAnLqw7Rq5CMkHlfE13wsQiEo1Z_R_nnRf7-ZAtJp-va_uqEUbwaqWQB3NL-GqBc5KKjeBAd-GF50ruyjjZEnZ-bds3gcoNiD090BRSqYgK4SsfOV-Va_kI3Yx-mliKa7PkgHY5aTkuy6Zpc6Mf5RAYhPwuDS_AcPeq8aMbO2AQ5aHSa8bBHiRmt7hsWg8XeQjj-6gk2RJTq1Sa-TAlSCjGZa1Yggk63Fb23PUSTAPwBFGQyHcEjFqCTo2PjQIblYunto4no63cjRxtl_zemWrrRcYTUMo7-J3siSzGwVXcoXWAuWEMcDdBDlf0vXftBtbZmD9jY49T6gOx', 1);
INSERT INTO digime_sdk.link VALUES ('pkb:127.0.0.1:8301', 'user-expired', '00000000-0000-4000-8000-000000000002', 'expired', 1793361601000, 1793533921000, NULL, NULL, 'ejAxMmptxFZf', '1.G59M0_w54vORaODdrJx23-v8rPRolrvDyCrldYys47_pRIeMylj1HupjcogrC3RpSyAuPS4XzqNHFiCwfJqAOljy237JccaCKZaItSVJFzoRXryY8_oZ-2511xRC4E0UIH0PIZMd_KcFTLnvcMFgFOonW5cFUxtUR53IEjzE1CboMtkckG2RI7C_cFIVF0f2EB9Oyli_r-ryWZjKJQ1IYP9KVXvQQMVk1kRIA1QxHWwkWLCEd68dCGRs8eAT_4DxlkqWWOIsAZVkZxzm19fikUc9I1ac1VZ_KjBJp3gYHWjkKbPllrXy_hHiXd5U-aBdd2mZue4Vr0Xkqfa74KkqdnISy0sWGC8BosaPjl0lE6eH6Sxk1dSpLoHZoXcnrio', 4);

--
-- Data for Name: link_attempt; Type: TABLE DATA; Schema: digime_sdk; Owner: -
--

INSERT INTO digime_sdk.link_attempt VALUES ('pkb:127.0.0.1:8301', 'ZAu5a4KSQ9e2-N_7Yy11VaN0nO7vnaoiV_dxl_B9_G0', 'user-active', 'completed', 1793620500000, 'ejAxMmptxFZf', '1.Mg-QNzztckJJH1OtMCSUPCHPfspHqqxLheDNBpLsLv4mSEGzyG7Z4mWua0HquCHIjyu3Krc7Kj1ptDnerpm4T5DlqCquCJjzgY2eaEIBpkcQB7aDZeM7iEMJXbbymuIilbUProtpSnikaaKijIslMkyWohnGxxtYMV14fbpfqAfvMoeAow', 5);
INSERT INTO digime_sdk.link_attempt VALUES ('pkb:127.0.0.1:8301', 'XlrWHh6EW3jpvo1admwbto7Oze0Qv9RSxcPd56ha7fI', 'user-exchanged', 'exchanged', 1793620560000, 'ejAxMmptxFZf', '1.Kgwbl92Axn_l-AHxfMUp2HZQBd3e7sYJKnt8EDDPGYi1B59mvyby_nEEOrCxBa1_Ol77MO4gotMha1PtHrwcdDT16DG8nF4bBA9nIAeqjnVpkDjLF_w92npMaxesXgY97ytUJOZveDQoo1f5Qh_LLM7Ud002hRVlMI4QqRdrKgaYxR2f_e1p-rffnDqPCr_QqXqVcucC8-Psqs_bZYr_NxW-upp0UN2Xq7UVlSuSCy0Ax1QXerStCS2sFzP0wyWGAqANpPG3PRWvEECF0MMUeihSYHn5ujsFxx8eFWuoi4puPhOonKrflr3PrTHNbk5c7T21NUT1d85NjbEFb9y_uIFQimot7xYTxMzFo1Hku0p3nBYItA', 5);
INSERT INTO digime_sdk.link_attempt VALUES ('pkb:127.0.0.1:8301', 'MHJFWVAV0TTM4CDLGINwqQMSuA7CPfkzZf0ghAPToyU', 'user-pending', 'pending', 1793535240000, 'ejAxMmptxFZf', '1.0KJQsP0r8p4CXFks3uuiulLhYy85i3SbplVJyRtM8BUjCasPr9BT5UXS-MDcs3web_WLr4MdY9f6l-0Jmy-3GwRL7YT7oFMW7xYqNhy3nwnXs5sTz9S0YJL9371I5PMsnWgJ3Ga7wlWTn79kvaj_p2Dpd66s79F4I5eTjN1iRiYeTf4mG8kgj1YcWMsX-_Cw2Le8nKAtpvJh36WpJ_SdWCrB37ZSlsRiWOE4Ygv61r0', 1);

--
-- Data for Name: schema_version; Type: TABLE DATA; Schema: digime_sdk; Owner: -
--

INSERT INTO digime_sdk.schema_version VALUES (1);

--
-- Name: link_attempt link_attempt_pkey; Type: CONSTRAINT; Schema: digime_sdk; Owner: -
--

ALTER TABLE ONLY digime_sdk.link_attempt
    ADD CONSTRAINT link_attempt_pkey PRIMARY KEY (platform, id);

--
-- Name: link link_pkey; Type: CONSTRAINT; Schema: digime_sdk; Owner: -
--

ALTER TABLE ONLY digime_sdk.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (platform, app_user_id);

--
-- Name: link link_platform_public_id_key; Type: CONSTRAINT; Schema: digime_sdk; Owner: -
--

ALTER TABLE ONLY digime_sdk.link
    ADD CONSTRAINT link_platform_public_id_key UNIQUE (platform, public_id);

--
-- Name: link_attempt_expiry; Type: INDEX; Schema: digime_sdk; Owner: -
--

CREATE INDEX link_attempt_expiry ON digime_sdk.link_attempt USING btree (platform, expires_at);

--
-- PostgreSQL database dump complete
--

