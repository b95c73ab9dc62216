import LinearAlgebra

/// Samples arranged so that near ones lie together, in boxes, and these in larger boxes.
///
/// Samples are halved again and again at the median of the side on which they spread widest, as in a
/// k-d tree, down to leaves of sixteen. Each leaf has the box that bounds it; sixteen neighbouring
/// boxes have a box around them, and so on up to one group of at most sixteen. Sixteen samples, or
/// sixteen boxes, lie in memory feature by feature, so that one pass of vector instructions measures
/// all sixteen.
///
/// - SeeAlso: Friedman, Bentley and Finkel, "An algorithm for finding best matches in logarithmic
///   expected time", 1977, doi:10.1145/355744.355745.
struct BoxTree: Hashable, Sendable {
  /// Samples of a leaf and boxes of a group. Measured on 43,152 × 9, see Benchmarks/README.md.
  static var groupSize: Int { 16 }
  /// How often ranges are halved that fit the second-level cache: 4,096 samples.
  private static let cachedLevels = 8

  let featureCount: Int
  /// The item (an index into the samples given) at each place; leaf `i` has the places from `16 i` on.
  let order: [Int32]
  /// The samples' numbers: leaf after leaf, in a leaf feature after feature, sixteen of each.
  let values: [Float]
  /// The boxes of the leaves in groups of sixteen, then the boxes around these groups, and so on up to
  /// one group: in a group feature after feature, sixteen lower bounds and sixteen upper.
  let bounds: [Float]
  /// The number of boxes at each level, leaves first.
  let boxCounts: [Int]
  /// The number of each level's first group.
  let firstGroups: [Int]
  /// The halvings as a complete binary tree, children of `i` at `2i + 1` and `2i + 2`.
  private let splits: [Split]

  private struct Split: Hashable, Sendable {
    var feature: Int32 = 0
    /// Samples from here on are to the right; infinity where there is no right half.
    var value = Float.infinity
  }

  /// - Parameter rows: one row per sample, row after row, `featureCount` numbers each.
  init(_ rows: [Float], featureCount: Int, threads: Int) {
    let count = rows.count / featureCount
    let leafCount = max(1, (count + Self.groupSize - 1) / Self.groupSize)
    let depth = Int.bitWidth - (leafCount - 1).leadingZeroBitCount
    var keys = (0..<count).map { UInt64($0) }
    var splits = [Split](repeating: Split(), count: 1 << depth - 1)
    rows.withUnsafeBufferPointer { rows in
      keys.withUnsafeMutableBufferPointer { keys in
        splits.withUnsafeMutableBufferPointer { splits in
          let rows = rows.baseAddress
          nonisolated(unsafe) let (keys, splits) = (keys, splits)
          nonisolated(unsafe) let input = rows
          /// Halves the range of a number at a level.
          @Sendable func halve(_ number: Int, atLevel level: Int) {
            let span = Self.groupSize << (depth - level)
            // The last ranges may have no right half, or be empty.
            guard number * span + span / 2 < count, let input else { return }
            let places = number * span..<min(count, (number + 1) * span)
            splits[1 << level - 1 + number] = Self.halve(
              UnsafeMutableBufferPointer(rebasing: keys[places]), at: span / 2, input,
              featureCount)
          }
          // Ranges that do not fit a cache level by level, the others each down to its leaves.
          let wholeLevels = max(0, depth - Self.cachedLevels)
          for level in 0..<wholeLevels {
            Parallelism.forEach(1 << level, threads: threads) { number, _ in
              halve(number, atLevel: level)
            }
          }
          Parallelism.forEach(1 << wholeLevels, threads: threads) { range, _ in
            for level in wholeLevels..<depth {
              let count = 1 << (level - wholeLevels)
              for number in range * count..<(range + 1) * count { halve(number, atLevel: level) }
            }
          }
        }
      }
    }
    let order = keys.map { Int32(truncatingIfNeeded: $0 & 0xffff_ffff) }
    self.order = order
    self.splits = splits
    self.featureCount = featureCount
    values = Self.leaves(order, rows, featureCount, leafCount, threads)
    var boxCounts = [leafCount]
    var firstGroups = [0]
    while let last = boxCounts.last, last > Self.groupSize {
      let groupCount = (last + Self.groupSize - 1) / Self.groupSize
      firstGroups.append(firstGroups[firstGroups.count - 1] + groupCount)
      boxCounts.append(groupCount)
    }
    self.boxCounts = boxCounts
    self.firstGroups = firstGroups
    bounds = Self.bounds(
      values, sampleCount: count, featureCount, boxCounts, firstGroups, threads: threads)
    assertInvariants()
  }

  /// Every sample is in one leaf and within its box, and every box within the one around its group.
  func assertInvariants() {
    #if DEBUG
      var isThere = [Bool](repeating: false, count: order.count)
      for item in order { isThere[Int(item)] = true }
      precondition(!isThere.contains(false), "a sample is in no leaf")
      let size = Self.groupSize
      func start(_ level: Int, _ box: Int, _ feature: Int) -> Int {
        ((firstGroups[level] + box / size) * featureCount + feature) * 2 * size + box % size
      }
      for place in order.indices {
        let leaf = place / size
        for feature in 0..<featureCount {
          let value = values[(leaf * featureCount + feature) * size + place % size]
          let box = start(0, leaf, feature)
          precondition(
            !(value < bounds[box]) && !(value > bounds[box + size]), "sample \(place) of the leaves"
          )
        }
      }
      for level in boxCounts.indices.dropFirst() {
        for box in 0..<boxCounts[level - 1] {
          for feature in 0..<featureCount {
            let (inner, outer) = (start(level - 1, box, feature), start(level, box / size, feature))
            precondition(
              bounds[outer] <= bounds[inner] && bounds[inner + size] <= bounds[outer + size],
              "box \(box) of level \(level - 1)")
          }
        }
      }
    #endif
  }

  /// How many leaves there are room for: the least power of two that is enough.
  var paddedLeafCount: Int { splits.count + 1 }

  /// How many samples a leaf has.
  @inline(__always)
  func sampleCount(ofLeaf leaf: Int) -> Int {
    min(Self.groupSize, order.count &- leaf &* Self.groupSize)
  }

  /// The leaf whose cell a sample lies in.
  func leaf(of sample: UnsafePointer<Float>) -> Int {
    splits.withUnsafeBufferPointer { splits in
      var node = 0
      while node < splits.count {
        let split = splits[node]
        // Added instead of chosen: the choice would be a branch, and wrong half of the time.
        let isRight = sample[Int(split.feature)] >= split.value
        node = 2 &* node &+ 1 &+ Int(unsafeBitCast(isRight, to: UInt8.self))
      }
      return node &- splits.count
    }
  }

  /// Arranges the samples that `keys` names in their lower halves, so that none before `middle` is
  /// larger, on the widest side, than any from there on.
  private static func halve(
    _ keys: UnsafeMutableBufferPointer<UInt64>, at middle: Int, _ rows: UnsafePointer<Float>,
    _ featureCount: Int
  ) -> Split {
    var feature = 0
    var widest: Float = -1
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * featureCount) { bounds in
      let lower = bounds.baseAddress!
      let upper = lower + featureCount
      lower.initialize(repeating: .infinity, count: featureCount)
      upper.initialize(repeating: -.infinity, count: featureCount)
      for key in keys {
        let row = rows + Int(truncatingIfNeeded: key & 0xffff_ffff) &* featureCount
        for index in 0..<featureCount {
          let value = row[index]
          lower[index] = value < lower[index] ? value : lower[index]
          upper[index] = value > upper[index] ? value : upper[index]
        }
      }
      for index in 0..<featureCount where upper[index] - lower[index] > widest {
        feature = index
        widest = upper[index] - lower[index]
      }
    }
    for index in keys.indices {
      let item = keys[index] & 0xffff_ffff
      let bits = rows[Int(truncatingIfNeeded: item) &* featureCount &+ feature].bitPattern
      // The order of the bits is that of the numbers once negative ones are turned around.
      let rank = bits ^ (UInt32(bitPattern: Int32(bitPattern: bits) >> 31) | 0x8000_0000)
      keys[index] = UInt64(rank) << 32 | item
    }
    let item = Int(truncatingIfNeeded: Self.divide(keys, at: middle) & 0xffff_ffff)
    return Split(feature: Int32(feature), value: rows[item * featureCount + feature])
  }

  /// Moves the `middle` least keys to the front, each side in its order, so that rows are read from low
  /// addresses to high ones; returns the least key of the others.
  private static func divide(
    _ keys: UnsafeMutableBufferPointer<UInt64>, at middle: Int
  ) -> UInt64 {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: keys.count) { spare in
      _ = spare.initialize(fromContentsOf: keys)
      Selection.select(middle, of: spare)
      let border = spare[middle]
      var left = 0
      var right = 0
      for key in keys {
        // Written to both sides, of which one moves on.
        keys[left] = key
        spare[right] = key
        let isLeft = key < border ? 1 : 0
        left &+= isLeft
        right &+= 1 &- isLeft
      }
      (keys.baseAddress! + left).update(from: spare.baseAddress!, count: right)
      return border
    }
  }

  private static func leaves(
    _ order: [Int32], _ rows: [Float], _ featureCount: Int, _ leafCount: Int, _ threads: Int
  ) -> [Float] {
    let size = groupSize * featureCount
    return [Float](unsafeUninitializedCapacity: leafCount * size) { values, initialized in
      nonisolated(unsafe) let output = values.baseAddress!
      output.initialize(repeating: 0, count: leafCount * size)
      Parallelism.forEach((leafCount + 255) / 256, threads: threads) { block, _ in
        let places = block * 256 * groupSize..<min(order.count, (block + 1) * 256 * groupSize)
        for place in places {
          let row = Int(order[place]) * featureCount
          let start = output + place / groupSize * size + place % groupSize
          for feature in 0..<featureCount { start[feature * groupSize] = rows[row + feature] }
        }
      }
      initialized = leafCount * size
    }
  }

  private static func bounds(
    _ values: [Float], sampleCount: Int, _ featureCount: Int, _ boxCounts: [Int],
    _ firstGroups: [Int], threads: Int
  ) -> [Float] {
    let size = groupSize
    let groupCount = firstGroups[firstGroups.count - 1] + 1
    var bounds = [Float](repeating: 0, count: groupCount * featureCount * 2 * size)
    @Sendable func place(_ level: Int, _ box: Int, _ feature: Int) -> Int {
      ((firstGroups[level] + box / size) * featureCount + feature) * 2 * size + box % size
    }
    bounds.withUnsafeMutableBufferPointer { bounds in
      values.withUnsafeBufferPointer { values in
        nonisolated(unsafe) let (bounds, values) = (bounds, values)
        for level in boxCounts.indices {
          let below = level == 0 ? sampleCount : boxCounts[level - 1]
          nonisolated(unsafe) let numbers = level == 0 ? values : UnsafeBufferPointer(bounds)
          let blockSize = 1024
          Parallelism.forEach((boxCounts[level] + blockSize - 1) / blockSize, threads: threads) {
            block, _ in
            for box in block * blockSize..<min(boxCounts[level], (block + 1) * blockSize) {
              let used = min(size, below - box * size)
              for feature in 0..<featureCount {
                var (low, high) = (Float.infinity, -Float.infinity)
                let lower =
                  level == 0
                  ? (box * featureCount + feature) * size : place(level - 1, box * size, feature)
                let upper = level == 0 ? lower : lower + size
                for lane in 0..<used {
                  low = min(low, numbers[lower + lane])
                  high = max(high, numbers[upper + lane])
                }
                bounds[place(level, box, feature)] = low
                bounds[place(level, box, feature) + size] = high
              }
            }
          }
        }
      }
    }
    return bounds
  }
}

/// Finding the element that sorting would put at a place.
///
/// - SeeAlso: Hoare, "Algorithm 65: find", 1961, doi:10.1145/366622.366647.
enum Selection {
  /// Moves distinct keys so that none before `middle` is larger than any from there on, and the one at
  /// `middle` is the one that sorting would put there.
  static func select(_ middle: Int, of keys: UnsafeMutableBufferPointer<UInt64>) {
    var low = 0
    var high = keys.count
    // Three keys chosen by a fixed generator, whose median divides: no order of the keys is the worst.
    var state: UInt64 = 0x2545_f491_4f6c_dd1d
    while high - low > 24 {
      let span = UInt64(high - low)
      func draw() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return keys[low + Int((state >> 32) &* span >> 32)]
      }
      let (a, b, c) = (draw(), draw(), draw())
      var pivot = max(min(a, b), min(max(a, b), c))
      var store = low
      while true {
        // Without a branch: each key is swapped to the border, which moves only past smaller ones.
        store = low
        for index in low..<high {
          let key = keys[index]
          keys[index] = keys[store]
          keys[store] = key
          store &+= key < pivot ? 1 : 0
        }
        if store > low { break }
        // The pivot was the smallest key: take the next larger one instead.
        pivot &+= 1
      }
      if middle < store { high = store } else { low = store }
    }
    for index in low + 1..<max(low + 1, high) {
      let key = keys[index]
      var place = index
      while place > low, keys[place - 1] > key {
        keys[place] = keys[place - 1]
        place -= 1
      }
      keys[place] = key
    }
  }
}
