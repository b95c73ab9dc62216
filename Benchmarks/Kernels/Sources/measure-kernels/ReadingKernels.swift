import Support

@testable import Datasets
@testable import LinearAlgebra

/// What reads and prepares a file.
struct ReadingKernels {
  private let bytes: [UInt8]
  private let path: String

  init(path: String) {
    self.path = path
    bytes = ((try? InputFile.text(of: path)) ?? []).dropLast(CSVGrammar.padding.count)
  }

  var all: [Kernel] { [checksum, plainText, lineEnds, shortNumbers, cells, table, sort, draws] }

  private var checksum: Kernel {
    Kernel(name: "SHA-256", element: "byte", count: bytes.count) {
      SHA256.hexDigest(of: bytes).utf8.count
    }
  }

  private var plainText: Kernel {
    Kernel(name: "look for what is not ASCII", element: "byte", count: bytes.count) {
      bytes.withUnsafeBufferPointer(\.isPlainText) ? 1 : 0
    }
  }

  private var lineEnds: Kernel {
    Kernel(name: "count line ends and quotes", element: "byte", count: bytes.count) {
      bytes.withUnsafeBufferPointer {
        UnsafeBufferPointer(rebasing: $0.dropLast()).quoteAndLineEndCounts.lineEnds
      }
    }
  }

  /// Numbers as the cells of the file have them.
  private var shortNumbers: Kernel {
    let texts = (0..<4096).map { row in
      ["\(row % 30).\(row % 97)", "\(50 + row % 20).5", "\(300 + row % 18_000)"][row % 3] + ","
    }
    let text = Array((texts.joined() + "        ").utf8)
    return Kernel(name: "read short numbers", element: "number", count: texts.count) {
      var sum = 0.0
      text.withUnsafeBufferPointer { text in
        guard var place = text.baseAddress else { return }
        for _ in texts.indices {
          guard let number = ShortNumber(at: place) else { return }
          sum += number.value
          place += number.length + 1
        }
      }
      return Int(sum)
    }
  }

  private var cells: Kernel {
    guard let block = try? CSVBlock.table(bytes).rows else { preconditionFailure("a table") }
    let rowCount = block.rowLimit
    return Kernel(name: "cut rows into cells, with their numbers", element: "row", count: rowCount)
    {
      var sum = 0
      _ = try? block.forEachRow { _, cells, _ in sum &+= cells.count }
      return sum
    }
  }

  private var table: Kernel {
    Kernel(name: "read a file as a table", element: "byte", count: bytes.count) {
      (try? CSVTable(contentsOf: path, threads: 1))?.rowCount ?? 0
    }
  }

  private var sort: Kernel {
    var random = MersenneTwister(seed: 1)
    let keys = (0..<50_000).map { _ in UInt64(random.next()) }
    var sorted = keys
    return Kernel(
      name: "sort keys of 32 bits by radix", element: "key", count: keys.count,
      prepare: { sorted = keys },
      run: {
        RadixSort.sort(&sorted, bits: 0..<32)
        return Int(sorted[0])
      })
  }

  private var draws: Kernel {
    Kernel(name: "draw from MT19937", element: "number", count: 100_000) {
      var random = MersenneTwister(seed: 42)
      var sum: UInt32 = 0
      for _ in 0..<100_000 { sum &+= random.next() }
      return Int(sum)
    }
  }
}
