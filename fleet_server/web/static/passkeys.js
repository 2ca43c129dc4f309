// Passkeys: hands what the server asks to the browser's key, and its answer back in a form.
// Reading and writing the bytes is Flask-Security's webauthn.js, which must be loaded before.
"use strict";
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const work = form.dataset.kind === "register" ? handleRegister : handleSignin;
  const fail = () => {
    document.getElementById("passkey-asks").hidden = true;
    const failed = document.getElementById("passkey-failed");
    failed.hidden = false;
    failed.focus();
  };
  if (!window.PublicKeyCredential) {
    fail();
    return;
  }
  work(form.dataset.passkey).then((result) => {
    if (result.error_msg) {
      fail();
      return;
    }
    form.elements.credential.value = result.credential;
    form.submit();
  }, fail);
})();
