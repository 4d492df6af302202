// How numbers are printed: analysis/formats.py, digit for digit. tests/browser compares the two.
window.report = window.report ?? {};
window.report.formats = (() => {
  "use strict";
  const NBSP = "\u00a0";
  const MINUS = "\u2212";

  // Python rounds a tie to the even digit, toFixed away from zero; both are exact otherwise.
  const fixed = (value, digits) => {
    const text = value.toFixed(digits);
    const exact = value.toFixed(Math.min(100, digits + 60));
    const dropped = exact.slice(exact.indexOf(".") + 1 + digits);
    if (!/^50*$/.test(dropped)) return text;
    const kept = exact.slice(0, exact.length - dropped.length).replace(/\.$/, "");
    return Number(kept.at(-1)) % 2 === 0 ? kept : text;
  };

  const signed = (value, digits, { prefix = "", suffix = "", plus = false } = {}) => {
    const [whole, part] = fixed(Math.abs(value), digits).split(".");
    const body = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
    const isZero = !/[1-9]/.test(body);
    const sign = isZero ? "" : value < 0 ? MINUS : plus ? "+" : "";
    return sign + prefix + body + suffix;
  };

  const usdBn = (value, digits = 1, plus = false) =>
    value && value % 1000 === 0
      ? signed(value / 1000, 0, { prefix: "$", suffix: "T", plus })
      : Number(fixed(Math.abs(value), digits)) >= 1000
      ? signed(value / 1000, Math.max(digits, 2), { prefix: "$", suffix: "T", plus })
      : signed(value, digits, { prefix: "$", suffix: "bn", plus });
  const percent = (value, digits = 1) => signed(value * 100, digits, { suffix: "%" });
  const chance = (value) => {
    const shown = percent(value, 0);
    return shown === "0%" && value > 0 ? "<1%" : shown === "100%" && value < 1 ? ">99%" : shown;
  };
  const change = (value, digits = 1) => signed(value * 100, digits, { suffix: "%", plus: true });
  const multiple = (value, digits = 2) => signed(value, digits, { suffix: "×" });
  const number = (value, digits = 2) => signed(value, digits);

  const FORMATS = {
    usd_bn: usdBn,
    usd_bn0: (v) => usdBn(v, 0),
    usd_bn2: (v) => usdBn(v, 2),
    usd_bn_change: (v) => usdBn(v, 1, true),
    usd_m: (v) => signed(v, 0, { prefix: "$", suffix: "m" }),
    usd: (v) => signed(v, 2, { prefix: "$" }),
    usd0: (v) => signed(v, 0, { prefix: "$" }),
    fraction: percent,
    percent,
    percent0: (v) => percent(v, 0),
    percent2: (v) => percent(v, 2),
    chance,
    change,
    change0: (v) => change(v, 0),
    points: (v) => signed(v * 100, 1, { suffix: `${NBSP}points`, plus: true }),
    x: multiple,
    x1: (v) => multiple(v, 1),
    x0: (v) => multiple(v, 0),
    count: (v) => signed(v, 0),
    number,
    number1: (v) => number(v, 1),
    number3: (v) => number(v, 3),
    number0: (v) => number(v, 0),
    years: (v) => signed(v, Number.isInteger(v) ? 0 : 1, { suffix: `${NBSP}years` }),
    million: (v) => signed(v, Math.abs(v) >= 1000 ? 0 : 1, { suffix: `${NBSP}million` }),
    year: (v) => fixed(v, 0),
    "": number,
  };

  const show = (value, unit) => {
    if (!(unit in FORMATS)) throw new Error(`no format ${unit}`);
    return FORMATS[unit](value);
  };
  return { show, units: Object.keys(FORMATS) };
})();
