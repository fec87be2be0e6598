//! A device that holds passkeys, made by hand, so that it can do wrong what honest ones do right.
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The public address of every desk.
pub(super) const ORIGIN: &str = "https://films.example.org";

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const NEW: u8 = 0x40;

/// A passkey on a device with a counter.
pub(crate) struct Device {
    key: EcdsaKeyPair,
    pub(super) id: Vec<u8>,
    /// Whose the device says that it is.
    pub(super) whose: Option<Vec<u8>>,
    pub(super) counter: u32,
    pub(super) origin: String,
    /// The person showed a finger or typed a PIN.
    pub(super) verifies: bool,
}

impl Device {
    pub(super) fn new(id: &str) -> Self {
        let random = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        Self {
            key: EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).unwrap(),
            id: id.as_bytes().to_vec(),
            whose: None,
            counter: 1,
            origin: ORIGIN.to_owned(),
            verifies: true,
        }
    }

    /// Registers with what a browser was asked for.
    pub(super) fn register(&mut self, asked: &str) -> String {
        let asked: Value = serde_json::from_str(asked).unwrap();
        let options = &asked["publicKey"];
        let whose = options["user"]["id"].as_str().unwrap();
        self.whose = Some(URL_SAFE_NO_PAD.decode(whose).unwrap());
        let point = self.key.public_key().as_ref();
        let mut data = self.data(options["rp"]["id"].as_str().unwrap(), NEW);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        // A COSE key: EC2, ES256, P-256, x, y.
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 32]);
        data.extend(&point[33..]);
        let mut object = vec![0xa3];
        object.extend(b"\x63fmt\x64none\x67attStmt\xa0\x68authData\x59");
        object.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        object.extend(data);
        let said = self.client_data("webauthn.create", options);
        self.answer(&json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(said),
            "attestationObject": URL_SAFE_NO_PAD.encode(object),
        }))
    }

    /// Signs what a browser was asked for.
    pub(super) fn show(&mut self, asked: &str) -> String {
        let asked: Value = serde_json::from_str(asked).unwrap();
        let options = &asked["publicKey"];
        self.counter += 1;
        let data = self.data(options["rpId"].as_str().unwrap(), 0);
        let said = self.client_data("webauthn.get", options);
        let signed = [&data[..], &Sha256::digest(&said)].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        let whose = self.whose.as_ref();
        self.answer(&json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(said),
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "signature": URL_SAFE_NO_PAD.encode(signature),
            "userHandle": whose.map(|whose| URL_SAFE_NO_PAD.encode(whose)),
        }))
    }

    fn data(&self, party: &str, more: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = Sha256::digest(party).to_vec();
        data.push(PRESENT | verified | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let said = json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        said.to_string().into_bytes()
    }

    fn answer(&self, response: &Value) -> String {
        let id = URL_SAFE_NO_PAD.encode(&self.id);
        json!({"id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {}})
            .to_string()
    }
}
