import Support
import TestSupport
import Testing

@Suite struct `SHA-256` {
  @Test func `gives the checksums of FIPS 180-4's examples`() {
    #expect(
      SHA256.hexDigest(of: [])
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.hexDigest(of: Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hexDigest(
        of: Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }

  /// One part of the processors that this runs on has instructions for it.
  @Test func `is the same with the processor's instructions and without`() {
    var generator = SeededGenerator(seed: 7)
    for length in Array(0..<200) + [1_000, 65_537] {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      bytes.withUnsafeBytes { bytes in
        #expect(
          SHA256.hexDigest(of: bytes, usesInstructions: SHA256.hasInstructions)
            == SHA256.hexDigest(of: bytes, usesInstructions: false), "\(length) bytes")
      }
    }
  }
}
