// The simulation of "Your case", for a worker: the draws of analysis/model/odds/monte_carlo.py, one replicate
// after another, through the kernels as they were written out when the book was built.
window.report = window.report ?? {};
window.report.caseWorker = (model) => {
  "use strict";
  const { data, programs } = model;
  const FIRST = 2; // replicates behind the first answer, which the others follow while nobody asks anew
  const PARTS = 100;
  const UNIT = 2 ** -30; // between two points of a net

  // The standard normal score of a probability: algorithm AS 241 of Wichura (1988), to sixteen digits.
  const ratio = (x, above, below) => {
    let a = 0;
    let b = 0;
    for (let k = 7; k >= 0; k -= 1) {
      a = a * x + above[k];
      b = b * x + below[k];
    }
    return a / b;
  };
  const MIDDLE = [
    [3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727],
    [1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867, 39307.89580009271061, 28729.085735721942674, 5226.495278852854561],
  ];
  const SIDE = [
    [1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504, 1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4],
    [1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9],
  ];
  const TAIL = [
    [6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123, 0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7],
    [1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4, 1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15],
  ];
  const score = (p) => {
    const q = p - 0.5;
    if (Math.abs(q) <= 0.425) return q * ratio(0.180625 - q * q, MIDDLE[0], MIDDLE[1]);
    const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
    const z = r <= 5 ? ratio(r - 1.6, SIDE[0], SIDE[1]) : ratio(r - 5, TAIL[0], TAIL[1]);
    return q < 0 ? -z : z;
  };

  const words = (text, Kind) => new Kind(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
  const nets = data.nets.map((text) => words(text, Uint32Array));
  const tables = data.tables.map((text) => words(text, Float32Array));

  // One replicate of a scenario's draws: a row for each driver.
  const drawn = (scenario, replicate) => {
    const { points } = data;
    const doublings = Math.log2(points);
    const net = nets[scenario.net];
    const [size, own] = [scenario.rows.length, new Uint32Array(points)];
    const scores = scenario.rows.map((_, row) => {
      const from = (replicate * size + row) * (doublings + 1);
      own[0] = net[from];
      for (let k = 0; k < doublings; k += 1) {
        const half = 1 << k;
        const number = net[from + 1 + k];
        for (let i = 0; i < half; i += 1) own[half + i] = own[i] ^ number;
      }
      const found = new Float64Array(points);
      for (let i = 0; i < points; i += 1) found[i] = score((own[i] + 0.5) * UNIT);
      return found;
    });
    return scenario.rows.map(({ mixed, normal, table }) => {
      const row = new Float64Array(points);
      for (const [other, share] of mixed) {
        for (let i = 0; i < points; i += 1) row[i] += share * scores[other][i];
      }
      if (normal) {
        for (let i = 0; i < points; i += 1) row[i] = normal[0] + normal[1] * row[i];
        return row;
      }
      const values = tables[table];
      const steps = values.length - 1;
      for (let i = 0; i < points; i += 1) {
        const place = Math.min(Math.max((row[i] + data.reach) * (steps / (2 * data.reach)), 0), steps);
        const left = Math.min(Math.floor(place), steps - 1);
        row[i] = values[left] + (place - left) * (values[left + 1] - values[left]);
      }
      return row;
    });
  };

  let kept = {}; // the draws of one scenario, by replicate
  const drawsOf = (name, replicate) => {
    if (kept.name !== name) kept = { name, rows: [] };
    return (kept.rows[replicate] ??= drawn(data.scenarios[name], replicate));
  };

  // The drivers of a case: those of its scenario, each slider's that was moved, and then the risks'.
  const driversOf = (asked) => {
    const scenario = data.scenarios[asked.from];
    const drivers = { ...scenario.drivers };
    const known = () => programs[asked.from].known(drivers);
    for (const [slider, level] of Object.entries(asked.moved)) {
      const driver = scenario.sliders[slider];
      if (slider === "paid") {
        const factor = level / scenario.paid;
        for (const name of data.multiples) drivers[name] *= factor;
        for (const name of data.changes) drivers[name] = (1 + drivers[name]) * factor - 1;
      } else if (slider === "weight") {
        drivers[driver] = level;
      } else {
        const miss = (value) => {
          drivers[driver] = value;
          return known()[slider] - level;
        };
        let [before, now] = [drivers[driver], drivers[driver] + 0.01];
        let [missed, misses] = [miss(before), miss(now)];
        for (let k = 0; k < 60 && Math.abs(misses) > 1e-14 && missed !== misses; k += 1) {
          [before, now] = [now, now - (misses * (now - before)) / (misses - missed)];
          [missed, misses] = [misses, miss(now)];
        }
      }
    }
    for (const risk of asked.risks) {
      for (const [name, how, amount] of data.risks[risk]) {
        if (how === "add") drivers[name] += amount;
        else if (how === "times") drivers[name] *= amount;
        else drivers[name] = amount;
      }
    }
    return { drivers, known: known() };
  };

  // Of both sets of worlds together, the smallest value with at least each share of the weight at or below it.
  const quantiles = (ranked, weights, shares) => {
    const [place, found] = [[0, 0], []];
    let passed = 0;
    for (const share of shares) {
      let value;
      while (passed < share - 1e-12) {
        const next = (ranked[0][place[0]] ?? Infinity) <= (ranked[1][place[1]] ?? Infinity) ? 0 : 1;
        value = ranked[next][place[next]];
        place[next] += 1;
        passed += weights[next];
      }
      found.push(value ?? found.at(-1));
    }
    return found;
  };

  const reaching = (values, level) => {
    let many = 0;
    for (let i = 0; i < values.length; i += 1) if (values[i] >= level) many += 1;
    return many;
  };
  const total = (values, count) => {
    let sum = 0;
    for (let i = 0; i < count; i += 1) sum += values[i];
    return sum;
  };

  const pooled = (found, weight, count) => {
    const worlds = [0, 1].map((at) => found.ends[at].subarray(0, count));
    const weights = [(1 - weight) / count, weight / count];
    const share = (which) => worlds.reduce((sum, world, at) => sum + weights[at] * which(world, at), 0);
    const above = (level) => share((world) => reaching(world, level));
    const ranked = worlds.map((world) => world.slice().sort());
    const cuts = quantiles(ranked, weights, Array.from({ length: 2 * PARTS - 1 }, (_, k) => (k + 1) / (2 * PARTS)));
    const values = cuts.filter((_, at) => at % 2 === 0);
    const ends = cuts.filter((_, at) => at % 2 === 1);
    const [whole, held] = [new Float64Array(PARTS), new Float64Array(PARTS)];
    worlds.forEach((world, at) => {
      const chances = found.touched[0][at];
      for (let i = 0; i < count; i += 1) {
        let [low, high] = [0, ends.length];
        while (low < high) {
          const middle = (low + high) >> 1;
          if (ends[middle] < world[i]) low = middle + 1;
          else high = middle;
        }
        whole[low] += weights[at];
        held[low] += weights[at] * chances[i];
      }
    });
    return {
      above: data.targets.map(above),
      touched: found.touched.map((target) =>
        share((_, at) => total(target[at], count)),
      ),
      below: 1 - above(found.level),
      values,
      shares: Array.from(held, (chance, part) => (whole[part] ? chance / whole[part] : 0)),
      middle: quantiles(ranked, weights, [0.5])[0],
    };
  };

  let latest = 0;
  const pause = () => new Promise((done) => setTimeout(done));

  const answer = async (asked) => {
    const scenario = data.scenarios[asked.from];
    const { drivers, known } = driversOf(asked);
    const all = data.points * data.replicates;
    const arrays = () => [0, 1].map(() => new Float64Array(all));
    const found = { ends: arrays(), touched: data.targets.map(arrays), level: scenario.level };
    const weight = drivers[scenario.sliders.weight];
    const share = (known.value * 1000) / scenario.shares;
    const plain = { value: known.value, share, rate: (share / data.price) ** (1 / data.years) - 1 };
    for (let replicate = 0; replicate < data.replicates; replicate += 1) {
      programs[asked.from].draws(drawsOf(asked.from, replicate), known, drivers, data.points, replicate * data.points, found);
      const done = replicate + 1;
      if (done === FIRST || done === data.replicates) {
        const count = done * data.points;
        postMessage({ asked, ...plain, ...pooled(found, weight, count), simulations: count, isLast: count === all });
      }
      if (done >= FIRST) await pause();
      if (asked.id !== latest) return;
    }
  };

  onmessage = ({ data: asked }) => {
    latest = asked.id;
    answer(asked).catch((error) => postMessage({ asked, failed: String(error) }));
  };
  postMessage({ ready: true });
};
