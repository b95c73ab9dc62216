import Classifiers
import Datasets
import LinearAlgebra
import ModelFiles
import SavedModels
import TestSupport
import Testing

/// 100,000 damaged files, or as many as MUTANTS says: each is refused with one line, or it can be loaded
/// and predicts.
@Suite struct `A mutated file` {
  private static let count = Mutator.count(usually: 100_000)

  @Test func `a mutated model file is refused in one line, or predicts`() throws {
    var corpus = [
      HandmadeFile.forest.bytes, HandmadeFile.naiveBayes.bytes, HandmadeFile.neighbors.bytes,
      HandmadeFile.boosting.bytes,
    ]
    for algorithm in Algorithm.allCases {
      for seed in 200..<203 as Range<UInt64> {
        corpus.append(try SavedModelMaker(algorithm, seed: seed).saved.bytes())
      }
    }
    var soundCount = 0
    for number in 0..<Self.count / 4 * 3 {
      var mutator = Mutator(seed: UInt64(number))
      let mutant = mutator.tensorFileMutant(
        of: corpus[number % corpus.count], other: corpus[number / 7 % corpus.count])
      do throws(ModelFileError) {
        let file = try ModelFile(bytes: mutant, fileName: "mutant")
        soundCount += 1
        check(SavedModel(file), number)
      } catch {
        if !isOneLine(error.description, of: "mutant") {
          Issue.record("mutant \(number): \(error.description)")
        }
      }
    }
    // A mutator that breaks every file tests the first check only.
    #expect(soundCount > Self.count / 50)
  }

  @Test(arguments: Preprocessing.Encoding.allCases)
  func `mutated preprocessing is refused in one line, or predicts`(
    encoding: Preprocessing.Encoding
  ) throws {
    let data = try `Encoders and scaler in files`.diamonds(encoding)
    let classifier = GaussianNaiveBayes()
    let fitted = SavedModel(
      try classifier.fit(data.training), SavedModelMaker.description(of: classifier, data.training))
    let model = try ModelFile(bytes: fitted.bytes())
    let saved = SavedPreprocessing(data)
    let files = saved.files
    var soundCount = 0
    var pipelineCount = 0
    for number in 0..<Self.count / 4 {
      var mutator = Mutator(seed: UInt64(number))
      let file = files[number % files.count]
      var mutants = Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.bytes) })
      mutants[file.name] = mutator.mutant(
        of: file.bytes, other: files[number / 5 % files.count].bytes)
      do throws(ModelFileError) {
        let mutant = try SavedPreprocessing(files: mutants)
        soundCount += 1
        let values = mutant.columns.map { column in
          let value = (try? column.value(of: column.categories?.last ?? "0.5")) ?? 0
          if !column.trainingShares.indices.contains(column.bin(of: value)) {
            Issue.record("mutant \(number): no bin in \(column.name)")
          }
          return value
        }
        let pipeline = SavedPipeline(try ModelFileSet(model, mutant))
        pipelineCount += 1
        let prediction = pipeline.prediction(for: values)
        if prediction.probabilities.count != 2 {
          Issue.record("mutant \(number): \(prediction)")
        }
      } catch {
        let isNamed = mutants.keys.contains { error.description.hasPrefix($0) }
        if error.kind == .badData, !isNamed || error.description.contains("\n") {
          Issue.record("mutant \(number): \(error.description)")
        }
      }
    }
    #expect(soundCount > Self.count / 200)
    #expect(pipelineCount > Self.count / 400)
  }

  private func check(_ saved: SavedModel, _ number: Int) {
    let width = saved.model.featureCount
    guard width < 1000 else { return }
    let rows = Matrix(
      rowCount: 3, columnCount: width,
      elements: [-2, 0.4, 1e9].flatMap { [Double](repeating: $0, count: width) })
    let shares = saved.model.probabilities(for: rows, threads: 1)
    // The densities of naive Bayes may be anything where its means are.
    guard saved.description.algorithm != .gaussianNaiveBayes else { return }
    for row in 0..<3 where abs(shares.row(row).reduce(0, +) - 1) > 1e-5 {
      Issue.record("mutant \(number): \(shares.row(row))")
    }
  }

  private func isOneLine(_ text: String, of file: String) -> Bool {
    text.hasPrefix(file + ": ") && text.utf8.count < 2000 && !text.contains("\n")
      && !text.contains("\r")
  }
}
