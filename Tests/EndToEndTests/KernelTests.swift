import Foundation
import TestSupport
import Testing

/// Products only say which samples may be near; what they leave open is settled in double precision.
@Suite struct `OpenBLAS's kernels` {
  /// Those that this machine's processor can run.
  private static var kernels: [String] {
    let processor = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let flags = Set(processor.split { $0 == " " || $0 == "\n" })
    return ["Prescott"] + (flags.isSuperset(of: ["avx2", "fma"]) ? ["Haswell"] : [])
      + (flags.isSuperset(of: ["avx512bw", "avx512dq", "avx512vl"]) ? ["SkylakeX"] : [])
  }

  @Test func `the neighbours of few and of many features are the same with all kernels`() throws {
    let folder = TemporaryFolder()
    folder.writeDiamonds(3000)
    var generator = SeededGenerator(seed: 5)
    let names = (0..<30).map { "x\($0)" }.joined(separator: ",")
    let rows = (0..<600).map { row in
      (0..<30).map { _ in "\(Int.random(in: 0...9, using: &generator))," }.joined()
        + "c\(row % 3)\n"
    }
    folder.write("\(names),class\n" + rows.joined(), to: "many.csv")
    for (table, target) in [("diamonds.csv", "cut"), ("many.csv", "class")] {
      var predictions: Set<String> = []
      for kernels in Self.kernels {
        let outcome = try Program.run(
          [
            "--data", table, "--target", target, "--models", "KNeighborsClassifier", "--set",
            "KNeighborsClassifier.weights=distance", "--no-report", "--output",
            "\(table)-\(kernels)",
          ], in: folder, variables: ["OPENBLAS_CORETYPE": kernels])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let document = try #require(folder.text("\(table)-\(kernels)/comparison.json"))
        #expect(document.contains(/"OpenBLAS" : "[^"]* \((\w+)\)"/), "\(document.suffix(300))")
        #expect(document.contains("(\(kernels))"))
        predictions.insert(
          try #require(folder.text("\(table)-\(kernels)/KNeighborsClassifier/predictions.csv")))
      }
      #expect(predictions.count == 1, "\(table), \(Self.kernels)")
    }
  }

  @Test func `the version that is asked for with --verbose names the kernels`() throws {
    let folder = TemporaryFolder()
    let outcome = try Program.run(
      ["--version", "--verbose"], in: folder, variables: ["OPENBLAS_CORETYPE": "Prescott"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(/^\d+\.\d+\.\d+\nOpenBLAS \S+ \(Prescott\)\n$/))
  }
}
