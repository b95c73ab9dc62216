import LinearAlgebra
import ModelFiles
import SavedModels

/// Takes bytes for a model's file: they are refused in one line, or can be loaded and predict.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  do throws(ModelFileError) {
    let file = try ModelFile(bytes: Array(UnsafeBufferPointer(start: start, count: count)))
    let saved = SavedModel(file)
    let width = saved.description.featureNames.count
    let rows = Matrix(
      rowCount: 2, columnCount: width, elements: (0..<2 * width).map { Double($0) - 1 })
    let probabilities = saved.model.probabilities(for: rows, threads: 1)
    precondition(probabilities.columnCount == saved.description.classNames.count)
  } catch {
    precondition(!error.description.contains("\n"), "an error is one line")
  }
  return 0
}
