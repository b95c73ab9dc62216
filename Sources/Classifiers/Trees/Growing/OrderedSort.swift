/// Sorts samples by rank, with equal ones in the order of scikit-learn 1.9.1.
///
/// The order of equal values changes the last bits of rounded sums of weights. The method is introsort: quicksort in
/// three parts (less, equal, greater) around the median of the first, middle and last element, heapsort below a
/// depth limit, insertion sort for up to 15.
///
/// - SeeAlso: Musser, "Introspective sorting and selection algorithms", 1997; Bentley and McIlroy,
///   "Engineering a sort function", 1993.
struct OrderedSort {
  private static let insertionLimit = 15
  let ranks: UnsafeMutablePointer<UInt32>
  let samples: UnsafeMutablePointer<Int32>

  /// Sorts the first `count` elements.
  func sort(count: Int) {
    guard count > 0 else { return }
    let logarithm = Int.bitWidth - 1 - count.leadingZeroBitCount
    sort(0..<count, depthLimit: 2 * logarithm)
  }

  private func sort(_ range: Range<Int>, depthLimit: Int) {
    var range = range
    var depthLimit = depthLimit
    while range.count > Self.insertionLimit {
      guard depthLimit > 0 else { return sortByHeap(range) }
      depthLimit -= 1
      let pivot = median(
        ranks[range.lowerBound], ranks[range.lowerBound + range.count / 2],
        ranks[range.upperBound - 1])
      var lessEnd = range.lowerBound
      var next = range.lowerBound
      var greaterStart = range.upperBound
      while next < greaterStart {
        if ranks[next] < pivot {
          swap(next, lessEnd)
          lessEnd += 1
          next += 1
        } else if ranks[next] > pivot {
          greaterStart -= 1
          swap(next, greaterStart)
        } else {
          next += 1
        }
      }
      sort(range.lowerBound..<lessEnd, depthLimit: depthLimit)
      range = greaterStart..<range.upperBound
    }
    sortByInsertion(range)
  }

  private func swap(_ first: Int, _ second: Int) {
    (ranks[first], ranks[second]) = (ranks[second], ranks[first])
    (samples[first], samples[second]) = (samples[second], samples[first])
  }

  private func median(_ first: UInt32, _ second: UInt32, _ third: UInt32) -> UInt32 {
    max(min(first, second), min(max(first, second), third))
  }

  private func sortByInsertion(_ range: Range<Int>) {
    for index in range.dropFirst() {
      let rank = ranks[index]
      let sample = samples[index]
      var hole = index
      while hole > range.lowerBound, ranks[hole - 1] > rank {
        ranks[hole] = ranks[hole - 1]
        samples[hole] = samples[hole - 1]
        hole -= 1
      }
      ranks[hole] = rank
      samples[hole] = sample
    }
  }

  private func sortByHeap(_ range: Range<Int>) {
    for root in stride(from: range.count / 2 - 1, through: 0, by: -1) {
      siftDown(root, of: range.count, at: range.lowerBound)
    }
    for last in stride(from: range.count - 1, to: 0, by: -1) {
      swap(range.lowerBound, range.lowerBound + last)
      siftDown(0, of: last, at: range.lowerBound)
    }
  }

  /// Moves a heap's element below its larger children; the left one if they are equal.
  private func siftDown(_ start: Int, of count: Int, at base: Int) {
    var root = start
    while true {
      let left = 2 * root + 1
      var largest = root
      if left < count, ranks[base + largest] < ranks[base + left] { largest = left }
      if left + 1 < count, ranks[base + largest] < ranks[base + left + 1] { largest = left + 1 }
      guard largest != root else { return }
      swap(base + root, base + largest)
      root = largest
    }
  }
}
