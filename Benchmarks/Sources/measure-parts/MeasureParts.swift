import Classifiers
import Datasets
import LinearAlgebra

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// Times the parts of the comparison on request, so that a script can take turns with other programs.
///
/// Every line of standard input is a request, and every request is answered by one line:
///
///     csv data/diamonds.csv                    reads and prepares the file, which later parts work on
///     read data/diamonds.csv threads=2         reads the file, seconds
///     raw x.bin 43152 10788 9 2                takes training rows, test rows, features and classes
///     time forest.fit trees=100 threads=2      seconds
///     time forest.load                         seconds from opening its file; forest.save likewise
///     labels forest                            checksum of the labels predicted last
///
/// Arguments of the program are requests too, run before standard input is read; `quit` ends it.
@main
struct MeasureParts {
  static func main() {
    BLAS.prepare()
    var workbench = Workbench()
    func serve(_ line: String) -> Bool {
      let words = line.split(separator: " ").map(String.init)
      guard let verb = words.first else { return true }
      if verb == "quit" { return false }
      do {
        print(try workbench.answer(verb, Array(words.dropFirst())))
      } catch {
        print("error \(error)")
      }
      fflush(nil)
      return true
    }
    for argument in CommandLine.arguments.dropFirst() where !serve(argument) { return }
    while let line = readLine(), serve(line) {}
  }
}

/// A request that cannot be served.
struct RequestError: Error, CustomStringConvertible {
  let description: String
}
