//! The one way to write a JSON value that is signed: names in order, no space, and the shortest
//! escapes, as RFC 8785 says (for integers, texts, lists and objects, which is all a receipt has).

use std::collections::BTreeMap;

use serde_json::Value;

pub(super) fn canonique(valeur: &Value) -> String {
    match valeur {
        Value::Object(champs) => {
            let ordonnes: BTreeMap<_, _> = champs.iter().collect();
            let champs: Vec<String> = ordonnes
                .into_iter()
                .map(|(nom, valeur)| {
                    let nom = Value::String(nom.clone());
                    format!("{nom}:{}", canonique(valeur))
                })
                .collect();
            format!("{{{}}}", champs.join(","))
        }
        Value::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(canonique).collect();
            format!("[{}]", elements.join(","))
        }
        simple => simple.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_in_order_at_every_depth_and_nothing_is_added() {
        let valeur = json!({"b": [1, {"z": null, "a": "é\"\n"}], "a": true});
        assert_eq!(
            canonique(&valeur),
            "{\"a\":true,\"b\":[1,{\"a\":\"é\\\"\\n\",\"z\":null}]}"
        );
    }
}
