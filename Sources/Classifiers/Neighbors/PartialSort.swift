/// A sample and its value in one feature, ordered by value and then by row.
struct SampleKey: BitwiseCopyable, Comparable {
  let value: Double
  let row: Int32

  @inline(__always) static func < (first: Self, second: Self) -> Bool {
    first.value == second.value ? first.row < second.row : first.value < second.value
  }
}

/// Moves the `middle` smallest keys to the front, as `std::nth_element` of libstdc++ does.
///
/// Quickselect: the median of the second, the middle and the last key divides the rest, and the
/// part that holds the boundary is divided again; three keys are sorted. After 2·log₂ n divisions a
/// heap selects what is left (Musser, "Introspective sorting and selection algorithms", 1997). The
/// order is total, so that any way finds the same keys; this one also leaves them in libstdc++'s
/// arrangement, on which a search's order depends.
func partiallySort(_ keys: UnsafeMutablePointer<SampleKey>, count: Int, middle: Int) {
  guard middle < count else { return }
  var lower = 0
  var upper = count
  var divisions = 2 * (Int.bitWidth - 1 - count.leadingZeroBitCount)
  while upper - lower > 3 {
    if divisions == 0 {
      selectByHeap(keys + lower, count: upper - lower, kept: middle + 1 - lower)
      swapKeys(keys, lower, middle)
      return
    }
    divisions -= 1
    let cut = divide(keys, lower, upper)
    if cut <= middle { lower = cut } else { upper = cut }
  }
  for place in lower..<upper {
    let key = keys[place]
    var hole = place
    while hole > lower, key < keys[hole - 1] {
      keys[hole] = keys[hole - 1]
      hole -= 1
    }
    keys[hole] = key
  }
}

/// Brings keys that are smaller than the pivot before those that are larger; returns where these start.
private func divide(_ keys: UnsafeMutablePointer<SampleKey>, _ lower: Int, _ upper: Int) -> Int {
  let (first, middle, last) = (lower + 1, lower + (upper - lower) / 2, upper - 1)
  let median =
    if keys[first] < keys[middle] {
      keys[middle] < keys[last] ? middle : keys[first] < keys[last] ? last : first
    } else {
      keys[first] < keys[last] ? first : keys[middle] < keys[last] ? last : middle
    }
  swapKeys(keys, lower, median)
  // The other two of the three stop both walks.
  let pivot = keys[lower]
  var left = first
  var right = upper
  while true {
    while keys[left] < pivot { left += 1 }
    right -= 1
    while pivot < keys[right] { right -= 1 }
    if left >= right { return left }
    swapKeys(keys, left, right)
    left += 1
  }
}

/// Keeps the smallest keys in a heap at the front, the largest of them first.
private func selectByHeap(_ keys: UnsafeMutablePointer<SampleKey>, count: Int, kept: Int) {
  for place in stride(from: kept / 2 - 1, through: 0, by: -1) {
    sink(keys[place], into: keys, from: place, count: kept)
  }
  for place in kept..<count where keys[place] < keys[0] {
    let key = keys[place]
    keys[place] = keys[0]
    sink(key, into: keys, from: 0, count: kept)
  }
}

/// Fills a heap's hole: it goes down along the larger children to the bottom, and up again until
/// the key fits.
private func sink(
  _ key: SampleKey, into keys: UnsafeMutablePointer<SampleKey>, from top: Int, count: Int
) {
  var hole = top
  while 2 * hole + 1 < count {
    var child = 2 * hole + 2
    if child == count || keys[child] < keys[child - 1] { child -= 1 }
    keys[hole] = keys[child]
    hole = child
  }
  while hole > top, keys[(hole - 1) / 2] < key {
    keys[hole] = keys[(hole - 1) / 2]
    hole = (hole - 1) / 2
  }
  keys[hole] = key
}

@inline(__always)
private func swapKeys(_ keys: UnsafeMutablePointer<SampleKey>, _ first: Int, _ second: Int) {
  let key = keys[first]
  keys[first] = keys[second]
  keys[second] = key
}
