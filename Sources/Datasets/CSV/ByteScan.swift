extension UnsafeBufferPointer<UInt8> {
  // The compiler makes vectors of these loops only where it sees each alone.

  /// Whether all of the bytes are ASCII and none is zero.
  @inline(never)
  var isPlainText: Bool {
    var others: UInt8 = 0
    for byte in self { others |= byte &- 1 >= 0x7f ? 1 : 0 }
    return others == 0
  }

  /// What shows first that the bytes are no UTF-8 text, if anything does.
  func textFlaw(firstLine: Int) -> CSVError? {
    func flaw(at position: Int, _ problem: String) -> CSVError {
      let before = UnsafeBufferPointer(rebasing: self[..<position])
      return CSVError(
        line: firstLine + before.quoteAndLineEndCounts.lineEnds,
        problem: "expected \(problem); save the file as UTF-8")
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
  @inline(never)
  var quoteAndLineEndCounts: (quotes: Int, lineEnds: Int) {
    guard let bytes = baseAddress else { return (0, 0) }
    // Few enough for counts of eight bits, which fit a vector's lane.
    let partSize = 240
    var (quotes, lineEnds) = (0, 0)
    var position = 0
    while position < count {
      let part = bytes + position
      var (partQuotes, partLineEnds): (UInt8, UInt8) = (0, 0)
      for index in 0..<Swift.min(partSize, count &- position) {
        let byte = part[index]
        let isLoneReturn: UInt8 =
          (byte == UInt8(ascii: "\r") ? 1 : 0) & (part[index &+ 1] == UInt8(ascii: "\n") ? 0 : 1)
        partQuotes &+= byte == UInt8(ascii: "\"") ? 1 : 0
        partLineEnds &+= (byte == UInt8(ascii: "\n") ? 1 : 0) | isLoneReturn
      }
      quotes &+= Int(partQuotes)
      lineEnds &+= Int(partLineEnds)
      position &+= partSize
    }
    return (quotes, lineEnds)
  }

  /// The place behind the last line end outside of quotes, and how many line ends are behind that; `nil`
  /// where there is none.
  ///
  /// - Parameter isQuoted: whether the bytes end inside quotes, which tells whether any other place is.
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
