#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

extension UnsafeBufferPointer<UInt8> {
  /// How many of the bytes are quotes, and how many end a line: an LF does, and a CR with none behind it.
  ///
  /// - Precondition: one more byte can be read.
  var quoteAndLineEndCounts: (quotes: Int, lineEnds: Int) {
    let (quotes, breaks) = quoteAndBreakCounts
    guard let bytes = baseAddress, memchr(bytes, 0x0d, count) != nil else {
      return (quotes, breaks)
    }
    return (quotes, breaks - returnAndFeedCount)
  }

  // The compiler vectorizes these loops only in functions of their own. Parts are short enough for eight-bit
  // counts, one per lane of a vector.

  /// How many of the bytes are quotes, and how many are LF or CR.
  @inline(never)
  private var quoteAndBreakCounts: (quotes: Int, breaks: Int) {
    guard let bytes = baseAddress else { return (0, 0) }
    var (quotes, breaks) = (0, 0)
    for start in stride(from: 0, to: count, by: 240) {
      let part = bytes + start
      var (partQuotes, partBreaks): (UInt8, UInt8) = (0, 0)
      for index in 0..<Swift.min(240, count &- start) {
        let byte = part[index]
        partQuotes &+= byte == UInt8(ascii: "\"") ? 1 : 0
        partBreaks &+= (byte == UInt8(ascii: "\n") ? 1 : 0) | (byte == UInt8(ascii: "\r") ? 1 : 0)
      }
      quotes &+= Int(partQuotes)
      breaks &+= Int(partBreaks)
    }
    return (quotes, breaks)
  }

  /// How many CR stand before an LF.
  @inline(never)
  private var returnAndFeedCount: Int {
    guard let bytes = baseAddress else { return 0 }
    var pairs = 0
    for start in stride(from: 0, to: count, by: 240) {
      let part = bytes + start
      var partPairs: UInt8 = 0
      for index in 0..<Swift.min(240, count &- start) {
        partPairs &+=
          (part[index] == UInt8(ascii: "\r") ? 1 : 0)
          & (part[index &+ 1] == UInt8(ascii: "\n") ? 1 : 0)
      }
      pairs &+= Int(partPairs)
    }
    return pairs
  }

  /// The position after the last line end outside of quotes, and the number of line ends after it; `nil` if there
  /// is none.
  ///
  /// - Parameter isQuoted: whether the bytes end inside quotes, which decides it for every other position.
  /// - Precondition: one more byte can be read.
  func lastRowEnd(isQuoted: Bool) -> (end: Int, passed: Int)? {
    guard let bytes = baseAddress else { return nil }
    var isQuoted = isQuoted
    var passed = 0
    for index in stride(from: count - 1, through: 0, by: -1) {
      let byte = bytes[index]
      if byte == CSVGrammar.quote {
        isQuoted.toggle()
      } else if byte == UInt8(ascii: "\n")
        || (byte == UInt8(ascii: "\r") && bytes[index + 1] != UInt8(ascii: "\n"))
      {
        if !isQuoted { return (index + 1, passed) }
        passed += 1
      }
    }
    return nil
  }
}
