package dev.graft.adapters.bottleneck;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class PfeifferTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new Pfeiffer();
  }
}
