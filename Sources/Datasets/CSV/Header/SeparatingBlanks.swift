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
