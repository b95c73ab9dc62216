/// A node's samples by buckets: ranges of a feature's ranks, each of 2 to the power of a shift.
///
/// For features of two classes with many more ranks than the node has samples. Most buckets can be left out
/// (``ThresholdScan/mark(_:shift:)``); the samples of the others are sorted. All weights are zero between uses.
struct RankBuckets: ~Copyable {
  /// A bucket that is not left out.
  struct Marked: BitwiseCopyable {
    var bucket: Int
    /// Where its keys begin.
    var start: Int
    /// What the two classes weigh in the buckets before it.
    var left: SIMD2<Double>
    /// Whether the bucket before it that has samples is marked, too.
    var followsMarked: Bool
  }

  /// There is about one bucket for as many samples.
  private static let samplesPerBucket = 4
  private static let fewest = 16
  private static let most = 1 << 14

  /// What the two classes of each bucket weigh.
  let weights: Buffer<UInt32>
  let marked: Buffer<Marked>
  /// Where a bucket's next key goes: a place behind all others for buckets that are left out.
  let ends: Buffer<Int>
  /// One for each bucket that is marked, and zero for others.
  let steps: Buffer<UInt8>
  /// The most that all samples in marked buckets may weigh.
  let keyLimit: Int

  init(sampleCount: Int, isUsed: Bool) {
    let count = isUsed ? Self.count(for: sampleCount) : 0
    weights = Buffer(repeating: 0, count: 2 * count)
    marked = Buffer(uninitializedCount: count)
    ends = Buffer(uninitializedCount: count)
    steps = Buffer(uninitializedCount: count)
    keyLimit = isUsed ? max(256, sampleCount / 4) : 0
  }

  /// Whether buckets take less time than a table of all cells: so many ranks do not fit a cache, or most of the many
  /// samples are left out.
  static func pay(rankCount: Int, sampleCount: Int) -> Bool {
    rankCount > (sampleCount < 1000 ? 64 : CountingBuffers.denseLimit / 2) * sampleCount
  }

  /// The most buckets for so many samples: a power of two.
  private static func count(for sampleCount: Int) -> Int {
    let wish = min(max(sampleCount / samplesPerBucket, fewest), most)
    return 1 << PackedSamples.bitCount(upTo: wish - 1)
  }

  /// All weights are zero, as they are between two features.
  func assertInvariants() {
    #if DEBUG
      for place in 0..<weights.count {
        precondition(weights.start[place] == 0, "bucket \(place / 2) is in use")
      }
    #endif
  }

  /// Marks a bucket, or leaves it out.
  @inline(__always)
  func set(_ bucket: Int, isMarked: Bool, keysAt place: Int) {
    ends.start[bucket] = place
    steps.start[bucket] = isMarked ? 1 : 0
  }

  /// How many ranks make a bucket, as a power of two.
  static func shift(rankCount: Int, sampleCount: Int) -> Int {
    let perBucket = (rankCount - 1) / count(for: sampleCount)
    return perBucket == 0 ? 0 : PackedSamples.bitCount(upTo: perBucket)
  }

  /// Adds each record's weight to its class and bucket.
  func count(_ recordCount: Int, weights: RecordColumn, cells: RecordColumn, shift: Int) {
    let table = self.weights.start
    let shift = shift &+ 1
    for record in 0..<recordCount {
      let cell = cells[record]
      table[(cell &>> shift) &<< 1 | cell & 1] &+= UInt32(truncatingIfNeeded: weights[record])
    }
  }

  /// Writes the keys of the records in marked buckets, cell and weight, each bucket's at its own place.
  ///
  /// - Parameter keys: room for as many as the samples in marked buckets weigh, and one more.
  func gather(
    _ recordCount: Int, weights: RecordColumn, cells: RecordColumn, shift: Int, weightBits: Int,
    into keys: UnsafeMutablePointer<UInt64>
  ) {
    let (ends, steps) = (ends.start, steps.start)
    let shift = shift &+ 1
    for record in 0..<recordCount {
      let cell = cells[record]
      let bucket = cell &>> shift
      let end = ends[bucket]
      keys[end] = UInt64(truncatingIfNeeded: cell &<< weightBits | weights[record])
      ends[bucket] = end &+ Int(steps[bucket])
    }
  }
}
