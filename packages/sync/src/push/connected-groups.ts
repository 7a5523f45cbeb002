/**
 * Puts things in an order in which each comes after what it refers to; things that refer to each other in a circle stand
 * in one group (Tarjan's strongly connected components). `refersTo[n]` are the places of what thing `n` refers to.
 * Groups and the things in them otherwise keep their order as far as it goes. See https://doi.org/10.1137/0201010
 *
 * `connectedGroups([[1], [], [3], [2]]) // [[1], [0], [2, 3]]`
 */
export function connectedGroups(refersTo: readonly (readonly number[])[]): number[][] {
  const groups: number[][] = [];
  const indexOf = new Array<number | undefined>(refersTo.length);
  const lowest: number[] = [];
  const onStack: boolean[] = [];
  const stack: number[] = [];
  let index = 0;

  const enter = (thing: number): Step => {
    indexOf[thing] = lowest[thing] = index++;
    stack.push(thing);
    onStack[thing] = true;
    return { thing, next: 0 };
  };

  for (let first = 0; first < refersTo.length; first++) {
    if (indexOf[first] !== undefined) continue;
    // NOTE: The way is kept in a list and not in calls, since a chain of references may be as long as the queue.
    const way: Step[] = [enter(first)];
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const { thing } = step;
      const target = refersTo[thing]![step.next++];
      if (target === undefined) {
        way.pop();
        const before = way.at(-1);
        if (before) lowest[before.thing] = Math.min(lowest[before.thing]!, lowest[thing]!);
        if (lowest[thing] === indexOf[thing]) groups.push(takeGroup(stack, onStack, thing));
      } else if (indexOf[target] === undefined) {
        way.push(enter(target));
      } else if (onStack[target]) {
        lowest[thing] = Math.min(lowest[thing]!, indexOf[target]);
      }
    }
  }
  return groups;
}

interface Step {
  readonly thing: number;
  next: number;
}

function takeGroup(stack: number[], onStack: boolean[], root: number): number[] {
  const group = stack.splice(stack.lastIndexOf(root));
  for (const one of group) onStack[one] = false;
  return group.toSorted((one, other) => one - other);
}
