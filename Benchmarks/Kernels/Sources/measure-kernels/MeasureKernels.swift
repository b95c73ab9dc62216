import Datasets
import LinearAlgebra

/// Times the innermost loops on the main job's data, each alone and on one thread.
///
///     measure-kernels data/diamonds.csv            all of them
///     measure-kernels data/diamonds.csv divide     those whose name has the word
///
/// A line for each: name, nanoseconds for one element (median and least of the samples), the element, and
/// how many samples there were; separated by tabs.
@main
struct MeasureKernels {
  static func main() throws {
    BLAS.prepare()
    let arguments = CommandLine.arguments
    guard arguments.count >= 2 else {
      print("measure-kernels FILE.csv [WORD]")
      return
    }
    let table = try CSVTable(contentsOf: arguments[1], threads: 1)
    let data = try Preprocessing().prepare(
      table, split: TrainTestSplit(testFraction: 0.2, seed: 42))
    var kernels = ReadingKernels(path: arguments[1]).all
    kernels += try TreeKernels(data).all
    kernels += NeighborKernels(data).all
    for kernel in kernels where arguments.count < 3 || kernel.name.contains(arguments[2]) {
      print(kernel.measured())
    }
  }
}
