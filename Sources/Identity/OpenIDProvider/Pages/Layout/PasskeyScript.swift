import HTTPEdge

/// The one script of the pages, without which they have no passkeys: it asks the server for options, the browser for a
/// passkey, and sends what it answers with the form.
///
/// Source: [WebAuthn Level 3, sections 5.1.8 to 5.1.10](https://www.w3.org/TR/webauthn-3/#sctn-parseCreationOptionsFromJSON).
enum PasskeyScript {
    static let text: HTML = """

        (() => {
          const kinds = window.PublicKeyCredential;
          if (!kinds || !kinds.parseCreationOptionsFromJSON || !kinds.parseRequestOptionsFromJSON) return;
          const ask = async (form) => {
            const body = new URLSearchParams({csrf: form.elements.csrf.value, purpose: form.dataset.passkey});
            const response = await fetch(form.dataset.options, {method: "POST", body});
            if (!response.ok) throw new Error("options");
            const options = await response.json();
            return form.dataset.passkey === "enrolment"
              ? navigator.credentials.create({publicKey: kinds.parseCreationOptionsFromJSON(options)})
              : navigator.credentials.get({publicKey: kinds.parseRequestOptionsFromJSON(options)});
          };
          for (const form of document.querySelectorAll("form[data-passkey]")) {
            const status = form.querySelector("[role=status]");
            for (const shown of document.querySelectorAll("[data-needs-passkeys]")) shown.hidden = false;
            form.hidden = false;
            form.addEventListener("submit", async (event) => {
              event.preventDefault();
              status.textContent = "Follow your browser\\u2019s instructions.";
              try {
                const credential = await ask(form);
                form.elements.response.value = JSON.stringify(credential.toJSON());
                HTMLFormElement.prototype.submit.call(form);
              } catch (error) {
                status.textContent = error.name === "InvalidStateError"
                  ? "This device has a passkey for your account already."
                  : error.message === "options"
                    ? "This page is out of date. Reload it and try again."
                    : "No passkey was used. Try again, or choose another way.";
              }
            });
          }
        })();

        """
}
