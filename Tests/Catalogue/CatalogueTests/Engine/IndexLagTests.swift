import Testing

@testable import Catalogue

@Suite("The lag of an index") struct IndexLagTests {
    let start = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test("begins when the catalogue is opened, and ends with the first look at a store that has nothing new")
    func begins() {
        var lag = IndexLag(start: start)
        #expect(lag.duration(at: at(5)) == .seconds(5) && lag.seesAllAsOf == nil)
        lag.ask(at: at(6))
        lag.receive(0)
        lag.apply(through: 0)
        #expect(lag.duration(at: at(7)) == .seconds(1) && lag.seesAllAsOf == at(6))
    }

    @Test("is counted from before the question, however long the answer and the reading take")
    func counts() {
        var lag = IndexLag(start: start)
        lag.ask(at: at(1))
        lag.receive(100)
        lag.apply(through: 40)
        #expect(lag.duration(at: at(9)) == .seconds(9) && lag.newest == 100)
        lag.apply(through: 100)
        #expect(lag.duration(at: at(9)) == .seconds(8))
    }

    @Test("does not count the changes that came while others were read as seen, nor those as unseen")
    func followsWriting() {
        var lag = IndexLag(start: start)
        lag.ask(at: at(1))
        lag.receive(100)
        lag.apply(through: 60)
        // The next question does not take the place of the first, which would never be met while others write.
        lag.ask(at: at(2))
        lag.receive(200)
        lag.apply(through: 120)
        #expect(lag.seesAllAsOf == at(1) && lag.newest == 200)
        lag.ask(at: at(3))
        lag.receive(210)
        lag.apply(through: 200)
        #expect(lag.seesAllAsOf == at(1))
        lag.apply(through: 210)
        #expect(lag.seesAllAsOf == at(3))
    }

    @Test("grows while the store does not respond, which is known a second after a question or with its failure")
    func growsAlone() {
        var lag = IndexLag(start: start)
        #expect(lag.storeResponds(at: at(100)))
        lag.ask(at: start)
        lag.receive(7)
        lag.apply(through: 7)
        lag.ask(at: at(10))
        #expect(lag.storeResponds(at: at(10.9)) && !lag.storeResponds(at: at(11)))
        lag.fail()
        #expect(!lag.storeResponds(at: at(12)) && lag.duration(at: at(12)) == .seconds(12))
        lag.ask(at: at(20))
        #expect(!lag.storeResponds(at: at(20)))
        lag.receive(7)
        lag.apply(through: 7)
        #expect(lag.storeResponds(at: at(20)) && lag.duration(at: at(21)) == .seconds(1))
    }
}
