"use strict";
// What all pages share: fields that a link sets, and what is said when something fails.
const Recurrent = (() => {
  const at = (id) => document.getElementById(id);

  // What a link sets, such as `#prime=The&seed=7`: fields by their names. Returns whether it sets any.
  const prefill = () => {
    const given = [...new URLSearchParams(location.hash.slice(1))].filter(([name]) => at(name)?.matches("input, select, textarea"));
    for (const [name, value] of given) { at(name).value = value; at(name).dispatchEvent(new Event("change")); }
    return given.length > 0;
  };

  const fail = (text) => { const place = at("problem"); place.textContent = text; place.hidden = !text; };

  // Does something that may fail, and says so if it does.
  const attempt = async (work) => {
    fail("");
    try { return await work(); } catch (error) { if (error.name !== "AbortError") fail(error.message); }
  };

  return { at, attempt, prefill };
})();
