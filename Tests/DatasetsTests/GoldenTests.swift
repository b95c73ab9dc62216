import Datasets
import Support
import TestSupport
import Testing

/// Values from scikit-learn 1.9.1 and numpy 2.4.6 on data/diamonds.csv: the fields `split`, `encoders`
/// and `scaler` of the reference that the script make_diamonds_reference.py writes.
@Suite struct `The diamonds, prepared as by scikit-learn 1.9.1` {
  let data: PreparedData

  init() throws {
    let preprocessing = Preprocessing()
    let table = try CSVTable(
      contentsOf: RepositoryFiles.diamonds, preprocessing.reading)
    data = try preprocessing.prepare(table, split: TrainTestSplit(testFraction: 0.2, seed: 42))
  }

  @Test func `the split of the diamonds takes scikit-learn's rows`() {
    let training = data.training.rows
    let test = data.test.rows
    #expect(training.count == 43_152)
    #expect(test.count == 10_788)
    #expect(
      training.prefix(10)
        == [26546, 9159, 14131, 15757, 24632, 49828, 38682, 44604, 11459, 2495])
    #expect(
      test.prefix(10) == [1388, 50052, 41645, 42377, 17244, 1608, 46398, 45493, 49385, 10460])
    #expect(
      checksum(training) == "8696c7210116c4d62b8b755ca6a660d523315f2fe2fd10808c5c365c0b6914a1")
    #expect(checksum(test) == "46b14a98fd0d02bd367b181c7d58da7b48ea913aebb37dbd179fd86a362b974b")
  }

  @Test func `the encoders have scikit-learn's classes`() {
    #expect(data.encoders.map(\.column) == ["color", "clarity"])
    #expect(data.encoders[0].encoder.classes == ["D", "E", "F", "G", "H", "I", "J"])
    #expect(
      data.encoders[1].encoder.classes
        == ["I1", "IF", "SI1", "SI2", "VS1", "VS2", "VVS1", "VVS2"])
    #expect(data.targetEncoder.classes == ["Gold", "Silver"])
    #expect(
      data.training.featureNames
        == ["carat", "color", "clarity", "depth", "table", "price", "x", "y", "z"])
  }

  @Test func `the scaler has scikit-learn's means and deviations, to the last bit`() {
    #expect(
      data.scaler.means == [
        0.7979397478680015, 2.5941972562106046, 3.835150166852058, 61.74940489432702,
        57.45718390804598, 3932.799721913237, 5.731157211716722, 5.734525954764553,
        3.538733778272154,
      ])
    #expect(
      data.scaler.deviations == [
        0.4740068505099664, 1.7010890083297159, 1.72457512129041, 1.4326080390046028,
        2.234469849983732, 3989.4027576288736, 1.1217503485171316, 1.1421240869900022,
        0.7056923054027403,
      ])
  }

  /// SHA-256 of the rows as little-endian 64-bit integers.
  private func checksum(_ rows: [Int]) -> String {
    SHA256.hexDigest(
      of: rows.flatMap { row in withUnsafeBytes(of: Int64(row).littleEndian) { Array($0) } })
  }
}

@Suite struct `Mersenne Twister` {
  @Test func `the Mersenne Twister draws what numpy's RandomState(42) draws`() {
    // numpy 2.4.6: RandomState(42).randint(0, 2**32, 3, dtype=numpy.uint32), .permutation(10),
    // and .random_sample().
    var twister = MersenneTwister(seed: 42)
    #expect(
      [twister.next(), twister.next(), twister.next()] == [
        1_608_637_542, 3_421_126_067, 4_083_286_876,
      ])
    twister = MersenneTwister(seed: 42)
    #expect(twister.permutation(10) == [8, 1, 5, 0, 7, 2, 9, 4, 3, 6])
    twister = MersenneTwister(seed: 42)
    #expect(twister.nextUnit() == 0.3745401188473625)
  }
}
