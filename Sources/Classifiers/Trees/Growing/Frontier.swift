/// An element of a ``Frontier``.
protocol Prioritized {
  var priority: Double { get }
}

/// A binary heap with the highest priority first.
///
/// The order of equal priorities decides which node a tree splits last, so elements move as in the C++ standard
/// library's `push_heap` and `pop_heap` and Python's `heapq`, which scikit-learn uses: removing the top moves the hole to the bottom along
/// the higher children (the right one if equal), and the last element then rises from there.
struct Frontier<Element: Prioritized> {
  private var elements: [Element] = []

  var count: Int { elements.count }

  mutating func push(_ element: Element) {
    elements.append(element)
    raise(element, from: elements.count - 1)
  }

  mutating func pop() -> Element? {
    guard let last = elements.popLast() else { return nil }
    guard let top = elements.first else { return last }
    var hole = 0
    while 2 * hole + 2 < elements.count {
      let right = 2 * hole + 2
      let child = elements[right].priority < elements[right - 1].priority ? right - 1 : right
      elements[hole] = elements[child]
      hole = child
    }
    if 2 * hole + 2 == elements.count {
      elements[hole] = elements[2 * hole + 1]
      hole = 2 * hole + 1
    }
    raise(last, from: hole)
    return top
  }

  private mutating func raise(_ element: Element, from start: Int) {
    var hole = start
    while hole > 0, elements[(hole - 1) / 2].priority < element.priority {
      elements[hole] = elements[(hole - 1) / 2]
      hole = (hole - 1) / 2
    }
    elements[hole] = element
  }
}
