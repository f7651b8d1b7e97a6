package dev.graft.distillation.maps;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class FtTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new Ft();
  }
}
