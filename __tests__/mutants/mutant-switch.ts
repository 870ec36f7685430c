/** More often no mutant is reached in one trial, if it ends. */
const MOST_REACHED = 2_000_000;

/** What a source calls whose mutants are behind switches: one is on at a time, or none. */
export function mutantSwitch() {
  let on = 0;
  let times = 0;
  const reached = new Set<number>();
  const mutants = {
    reached,
    isOn(id: number): boolean {
      reached.add(id);
      times += 1;
      if (times > MOST_REACHED) throw new Error('This mutant goes on without end.');
      return id === on;
    },
    /** From now on, and none else. */
    turnOn(id: number): void {
      on = id;
      times = 0;
    },
    /** A regular expression that is the mutant's while that is on, also where it is a constant of the module. */
    pattern(choose: () => RegExp): RegExp {
      const original = choose();
      return Object.assign(new RegExp(original), { exec: (text: string) => choose().exec(text) });
    },
    /** The same for a list. Its elements are made once for each mutant. */
    list(ids: readonly number[], choose: () => unknown[]): unknown[] {
      let madeFor = on;
      let made = choose();
      const current = () => {
        for (const id of ids) reached.add(id);
        if (madeFor !== on) [madeFor, made] = [on, choose()];
        return made;
      };
      return new Proxy(made, { get: (_, key) => Reflect.get(current(), key) });
    },
  };
  return mutants;
}
