package dev.graft.testkit.contract;

/** What this module registers, and what it sees, is tested. */
final class CoverageTest extends ContractCoverage {}
