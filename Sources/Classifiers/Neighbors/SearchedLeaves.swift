/// What a ``LeafSearch`` searches, as kernels see it.
struct SearchedLeaves {
  let featureCount: Int
  let distance: Distance
  let precision: SinglePrecision
  let distinct: DistinctSamples
  let errorBound: ErrorBound
  let widest: Int
  let leafCount: Int
  let quadCount: Int
  let starts: UnsafePointer<Int32>
  let values: UnsafePointer<Float>
  let errors: UnsafePointer<SIMD2<Float>>
  let bounds: UnsafePointer<SIMD4<Float>>
  let children: UnsafePointer<SIMD4<Int32>>
  let nodes: UnsafePointer<SampleTree.Node>
  let firstLeaves: UnsafePointer<Int32>
  let leafStarts: UnsafePointer<Int32>
  let rows: UnsafePointer<Int32>
  let leafSamples: UnsafePointer<Double>
  let samples: UnsafeBufferPointer<Double>

  var height: Int { featureCount + 1 }

  @inline(__always)
  func width(ofLeaf leaf: Int) -> Int { Int(starts[leaf + 1] &- starts[leaf]) }

  @inline(__always)
  func block(_ leaf: Int) -> UnsafePointer<Float> { values + Int(starts[leaf]) &* height }

  /// The leaves below a node.
  @inline(__always)
  func leaves(of node: Int) -> Range<Int> {
    let first = Int(firstLeaves[node])
    return first..<first &+ Int(nodes[node].leafCount)
  }

  @inline(__always)
  func leaves(of group: ArraySlice<Visit>, _ index: Int) -> Range<Int> {
    leaves(of: Int(group[group.startIndex &+ index].home))
  }

  @inline(__always)
  func exactDistance(_ place: Int, _ query: UnsafePointer<Double>) -> Double {
    Classifiers.exactDistance(
      leafSamples + place &* featureCount, query, featureCount, distance)
  }

  @inline(__always)
  func firstRow(_ place: Int) -> Int32 { max(rows[place], ~rows[place]) }

  /// Offers the sample at a place, whose exact distance is known.
  @inline(__always)
  func offer(_ place: Int, _ distance: Double, to nearest: borrowing Nearest) {
    guard distance <= nearest.limit else { return }
    let row = rows[place]
    if row >= 0 {
      nearest.insert(distance, row: row)
    } else {
      distinct.insert(distance, firstRow: ~row, into: nearest)
    }
  }

  /// Measures every sample, for queries too far away for single precision.
  func measureAll(_ query: UnsafePointer<Double>, into nearest: borrowing Nearest) {
    for row in 0..<samples.count / featureCount {
      let sample = samples.baseAddress! + row * featureCount
      nearest.insert(
        Classifiers.exactDistance(sample, query, featureCount, distance), row: Int32(row))
    }
  }
}

/// The distance of the plain double loop: summed feature after feature.
@inline(__always)
func exactDistance(
  _ sample: UnsafePointer<Double>, _ query: UnsafePointer<Double>, _ featureCount: Int,
  _ distance: Distance
) -> Double {
  var sum = 0.0
  switch distance {
  case .euclidean:
    for feature in 0..<featureCount {
      let rest = sample[feature] - query[feature]
      sum += rest * rest
    }
  case .manhattan:
    for feature in 0..<featureCount { sum += abs(sample[feature] - query[feature]) }
  }
  return sum
}
