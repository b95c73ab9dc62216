#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

extension [UInt8] {
  /// Makes the last of the spaces and tabs between two cells a tab, and the others spaces, so that tabs separate the
  /// cells. Again it changes nothing.
  mutating func separateByTabs() {
    withUnsafeMutableBufferPointer { bytes in
      var (isQuoted, isInRow, wasBlank) = (false, false, false)
      for index in bytes.indices {
        let byte = bytes[index]
        if byte == CSVGrammar.quote { isQuoted.toggle() }
        let isOpening = byte == CSVGrammar.quote && isQuoted
        if isQuoted, !isOpening { continue }
        let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
        if isBlank {
          bytes[index] = UInt8(ascii: " ")
        } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
          isInRow = false
        } else {
          if wasBlank, isInRow { bytes[index - 1] = UInt8(ascii: "\t") }
          isInRow = true
        }
        wasBlank = isBlank
      }
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  // The compiler vectorizes these loops only in functions of their own.

  /// Whether all of the bytes are ASCII and none is zero.
  @inline(never)
  var isPlainText: Bool {
    var others: UInt8 = 0
    for byte in self { others |= byte &- 1 >= 0x7f ? 1 : 0 }
    return others == 0
  }

  /// The error of the first bytes that are not UTF-8 text; `nil` if all are.
  func textFlaw(firstLine: Int) -> CSVError? {
    func flaw(at position: Int, _ problem: String) -> CSVError {
      let before = UnsafeBufferPointer(rebasing: self[..<position])
      return CSVError(
        line: firstLine + before.quoteAndLineEndCounts.lineEnds, problem: "expected \(problem)",
        advice: TextEncoding.advice(TextEncoding(guessedFor: self)))
    }
    if isPlainText { return nil }
    if let position = firstIndex(of: 0) { return flaw(at: position, "text, found a zero byte") }
    if String(validating: self, as: UTF8.self) != nil { return nil }
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = makeIterator()
    var position = 0
    while case .valid(let scalar) = decoder.parseScalar(from: &iterator) {
      position += scalar.count
    }
    return flaw(at: position, "UTF-8, found the byte 0x\(String(self[position], radix: 16))")
  }

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

  // Parts are short enough for eight-bit counts, one per lane of a vector.

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
