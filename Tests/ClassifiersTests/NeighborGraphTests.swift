import ONNX
import Testing

@testable import Classifiers

@Suite struct `A graph of neighbours` {
  @Test func `measures 43,152 rows of 9 features, and refuses a million rows`() throws {
    try KNearestNeighborsModel.checkGraph(sampleCount: 43_152, featureCount: 9)
    let error = #expect(throws: ONNXError.self) {
      try KNearestNeighborsModel.checkGraph(sampleCount: 1_000_000, featureCount: 9)
    }
    #expect(error?.description.contains("all 1000000 training rows of 9 features") == true)
    #expect(error?.description.contains("export another model") == true)
    #expect(error?.exitStatus == 65)
  }

  @Test(arguments: [1, 15, 384, 385, 500, 767, 768, 1200])
  func `divides products as the search does`(_ featureCount: Int) {
    let blocks = ReferenceProducts.blocks(featureCount)
    #expect(blocks.first?.lowerBound == 0)
    #expect(blocks.last?.upperBound == featureCount)
    #expect(zip(blocks, blocks.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    #expect(blocks.allSatisfy { $0.count <= 384 })
  }
}
