/// Numbers that follow from how many samples are in each cell.
protocol CellStatistic {
  /// How many numbers there are.
  var valueCount: Int { get }
  /// How many samples each cell has; none is empty.
  var counts: [Int] { get }
  /// Writes the numbers for other counts; not a number where one is not defined.
  func evaluate(_ counts: UnsafePointer<Int32>, into values: UnsafeMutablePointer<Double>)
}

extension CellStatistic {
  /// The interval of each number; `nil` where it is not defined for the samples as they are.
  ///
  /// - Parameters:
  ///   - resamples: how many times the samples are resampled.
  ///   - seed: the seed of those draws.
  func bootstrapIntervals(
    resamples: Int, confidence: Double, seed: UInt64
  ) -> [BootstrapInterval?] {
    let counts = self.counts
    let resampler = CellResampler(counts)
    var generator = SplitMix64(seed: seed)
    var drawn = counts.map { Int32($0) }
    var values = [Double](repeating: 0, count: valueCount)
    evaluate(drawn, into: &values)
    let estimates = values
    var replicates = [[Double]](
      repeating: [Double](repeating: 0, count: resamples), count: valueCount)

    var leavingOneOut = [[(value: Double, count: Int)]](repeating: [], count: valueCount)
    for cell in counts.indices {
      drawn[cell] -= 1
      evaluate(drawn, into: &values)
      drawn[cell] += 1
      for index in values.indices { leavingOneOut[index].append((values[index], counts[cell])) }
    }
    for resample in 0..<resamples {
      drawn.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        resampler.draw(&generator, into: base)
      }
      evaluate(drawn, into: &values)
      for index in values.indices { replicates[index][resample] = values[index] }
    }
    return values.indices.map { index in
      guard estimates[index].isFinite, replicates[index].contains(where: { !$0.isNaN }) else {
        return nil
      }
      return BootstrapInterval(
        estimate: estimates[index], replicates: replicates[index],
        acceleration: BootstrapInterval.acceleration(leavingOneOut: leavingOneOut[index]),
        confidence: confidence)
    }
  }
}
