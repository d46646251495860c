// form[data-passkey="make|use"][data-challenge="address"]: shown where passkeys work; sent with the device's answer in `credential`.
// form[data-onward]: sent by itself.
import { text } from "./texts.js"
import { say } from "./toast.js"

const works = isSecureContext && "PublicKeyCredential" in window && !/^[\d.]+$|:/.test(location.hostname)

const bytes = (words) => Uint8Array.from(atob(words.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0))
const words = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
const listed = (known) => (known ?? []).map((one) => ({ ...one, id: bytes(one.id) }))

function wish({ publicKey }) {
  const asked = { ...publicKey, challenge: bytes(publicKey.challenge) }
  if (asked.user) asked.user = { ...asked.user, id: bytes(asked.user.id) }
  if (asked.excludeCredentials) asked.excludeCredentials = listed(asked.excludeCredentials)
  if (asked.allowCredentials) asked.allowCredentials = listed(asked.allowCredentials)
  return { publicKey: asked }
}

function told({ id, type, rawId, response, ...credential }) {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
  const answer = Object.fromEntries(parts.filter((part) => response[part]).map((part) => [part, words(response[part])]))
  return { id, type, rawId: words(rawId), response: answer, clientExtensionResults: credential.extensions }
}

async function ask(form) {
  const token = form.elements.csrfmiddlewaretoken.value
  const answer = await fetch(form.dataset.challenge, { method: "POST", headers: { "X-CSRFToken": token } })
  if (!answer.ok || answer.redirected) throw new Error("challenge")
  const options = wish(await answer.json())
  const credential = await (form.dataset.passkey === "make" ? navigator.credentials.create(options) : navigator.credentials.get(options))
  const extensions = credential.getClientExtensionResults()
  const { id, type, rawId, response } = credential
  form.elements.credential.value = JSON.stringify(told({ id, type, rawId, response, extensions }))
}

// in the capturing phase: before forms.js marks the form as sent
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target
    if (!form.matches("[data-passkey]") || form.elements.credential.value) return
    event.preventDefault()
    event.stopImmediatePropagation()
    ask(form).then(
      () => form.requestSubmit(),
      () => say(text("passkey"), "warning"),
    )
  },
  true,
)

for (const form of document.querySelectorAll("form[data-passkey]")) form.hidden = !works
for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = works
for (const form of document.querySelectorAll("form[data-onward]")) form.requestSubmit()
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-passkey]")) form.elements.credential.value = ""
})
