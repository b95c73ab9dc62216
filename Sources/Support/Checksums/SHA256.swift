import CCrypto

/// The SHA-256 checksum, by OpenSSL's libcrypto.
///
/// - SeeAlso: FIPS 180-4, section 6.2.
public enum SHA256 {
  /// The checksum as 64 hexadecimal digits.
  public static func hexDigest(of bytes: UnsafeRawBufferPointer) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(EVP_MAX_MD_SIZE)) { sum in
      var count: UInt32 = 0
      // What can fail is memory, and a libcrypto that leaves the algorithm out.
      let isDone = EVP_Digest(
        bytes.baseAddress, bytes.count, sum.baseAddress, &count, EVP_sha256(), nil)
      precondition(isDone == 1 && count == 32, "libcrypto has SHA-256")
      let text = sum[..<32].flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
      return String(decoding: text, as: UTF8.self)
    }
  }

  public static func hexDigest(of bytes: [UInt8]) -> String {
    bytes.withUnsafeBytes { hexDigest(of: $0) }
  }
}
