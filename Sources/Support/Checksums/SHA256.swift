import CSHA256

/// The SHA-256 checksum.
///
/// Our own, because one checksum does not earn a cryptography package that would take longer to build
/// than everything else. Where the processor has instructions for it they are used, and take a sixth of
/// the time.
///
/// - SeeAlso: FIPS 180-4, section 6.2.
public struct SHA256 {
  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]

  private let usesInstructions: Bool
  private var state = SIMD8<UInt32>(
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19)

  /// Whether this processor has instructions for the checksum.
  package static let hasInstructions = has_sha256_instructions()

  private init(usesInstructions: Bool) { self.usesInstructions = usesInstructions }

  /// The checksum as 64 hexadecimal digits.
  public static func hexDigest(of bytes: UnsafeRawBufferPointer) -> String {
    hexDigest(of: bytes, usesInstructions: hasInstructions)
  }

  /// - Precondition: instructions that are to be used are there.
  package static func hexDigest(
    of bytes: UnsafeRawBufferPointer, usesInstructions: Bool
  ) -> String {
    var hash = SHA256(usesInstructions: usesInstructions)
    let whole = bytes.count / 64 * 64
    hash.absorb(UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
    // One bit set, zeros, and the length in bits fill up the last block or two.
    var tail = Array(bytes[whole...])
    tail.append(0x80)
    while tail.count % 64 != 56 { tail.append(0) }
    withUnsafeBytes(of: UInt64(bytes.count * 8).bigEndian) { tail.append(contentsOf: $0) }
    tail.withUnsafeBytes { hash.absorb($0) }
    let digits = Array("0123456789abcdef".utf8)
    let text = hash.state.indices.map { hash.state[$0] }.flatMap { word in
      stride(from: 28, through: 0, by: -4).map { digits[Int(word >> UInt32($0) & 15)] }
    }
    return String(decoding: text, as: UTF8.self)
  }

  public static func hexDigest(of bytes: [UInt8]) -> String {
    bytes.withUnsafeBytes { hexDigest(of: $0) }
  }

  /// Takes in whole blocks of 64 bytes.
  private mutating func absorb(_ blocks: UnsafeRawBufferPointer) {
    guard usesInstructions else { return absorbPlainly(blocks) }
    guard let start = blocks.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    withUnsafeMutableBytes(of: &state) { state in
      absorb_sha256_blocks(
        state.baseAddress?.assumingMemoryBound(to: UInt32.self), Self.constants, start,
        blocks.count / 64)
    }
  }

  private mutating func absorbPlainly(_ blocks: UnsafeRawBufferPointer) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
      Self.constants.withUnsafeBufferPointer { constants in
        guard let w = schedule.baseAddress, let k = constants.baseAddress else { return }
        for start in stride(from: 0, to: blocks.count, by: 64) {
          for index in 0..<16 {
            w[index] = UInt32(
              bigEndian: blocks.loadUnaligned(fromByteOffset: start + index * 4, as: UInt32.self))
          }
          for index in 16..<64 {
            let early = w[index - 15]
            let late = w[index - 2]
            let first = rotated(early, 7) ^ rotated(early, 18) ^ early &>> 3
            let second = rotated(late, 17) ^ rotated(late, 19) ^ late &>> 10
            w[index] = w[index - 16] &+ first &+ w[index - 7] &+ second
          }
          var (a, b, c, d) = (state[0], state[1], state[2], state[3])
          var (e, f, g, h) = (state[4], state[5], state[6], state[7])
          // The eight words change places after every round; after eight rounds they are back, so
          // that none needs to be moved.
          for index in stride(from: 0, to: 64, by: 8) {
            round(a, b, c, &d, e, f, g, &h, k[index] &+ w[index])
            round(h, a, b, &c, d, e, f, &g, k[index + 1] &+ w[index + 1])
            round(g, h, a, &b, c, d, e, &f, k[index + 2] &+ w[index + 2])
            round(f, g, h, &a, b, c, d, &e, k[index + 3] &+ w[index + 3])
            round(e, f, g, &h, a, b, c, &d, k[index + 4] &+ w[index + 4])
            round(d, e, f, &g, h, a, b, &c, k[index + 5] &+ w[index + 5])
            round(c, d, e, &f, g, h, a, &b, k[index + 6] &+ w[index + 6])
            round(b, c, d, &e, f, g, h, &a, k[index + 7] &+ w[index + 7])
          }
          state &+= SIMD8(a, b, c, d, e, f, g, h)
        }
      }
    }
  }

  @inline(__always)
  private func round(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
    _ h: inout UInt32, _ word: UInt32
  ) {
    let choice = (f ^ g) & e ^ g
    let first = h &+ word &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) &+ choice
    let majority = (a & b) | ((a | b) & c)
    d = d &+ first
    h = first &+ (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ majority
  }

  @inline(__always)
  private func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word &>> count | word &<< (32 - count)
  }
}
