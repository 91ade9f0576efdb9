throw new Error("the driver is not installed");
