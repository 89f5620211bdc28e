/**
 * Smoothing as TensorBoard does it: an exponential moving average, divided by the weight it has gathered so far, so
 * that the first points are not pulled towards zero. `weight` 0 leaves the values, 0.99 is nearly flat.
 * Values that are no finite numbers stay as they are and are left out of the average.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0 || isConstant(values)) return [...values];
  let average = 0;
  let gathered = 0;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return value;
    average = average * weight + (1 - weight) * value;
    gathered = gathered * weight + (1 - weight);
    return average / gathered;
  });
}

/** Rounding would make a flat line tremble. */
function isConstant(values: readonly (number | null)[]): boolean {
  return values.every((value) => value === values[0]);
}
