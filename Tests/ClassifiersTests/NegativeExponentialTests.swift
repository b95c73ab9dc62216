import Testing

@testable import Classifiers

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct `The exponential of four numbers` {
  @Test func `is within two units in the last place of the system's`() {
    let places =
      Array(stride(from: -700, to: -40, by: 0.0917)) + stride(from: -40, through: 0, by: 0.000_917)
      + [-0x1p-60, -1e-300, -0.0]
    for place in places {
      let expected = exp(place)
      let found = SIMD4<Double>(repeating: place).negativeExponential
      #expect(
        (0..<4).allSatisfy { abs(found[$0] - expected) <= 2 * expected.ulp },
        "\(place): \(found[0]), \(expected)")
    }
  }

  @Test func `does not end below its range, and keeps what is no number`() {
    let found = SIMD4(-701, -Double.greatestFiniteMagnitude, -.infinity, .nan).negativeExponential
    let least = SIMD4<Double>(repeating: -700).negativeExponential[0]
    #expect(found[0] == least && found[1] == least && found[2] == least)
    #expect(found[3].isNaN)
  }
}
